# Opening a folder of images, all decoded, beside Pillow in Debian's python3-pil, in turns; prints ratios of speeds.
# Usage: bench/decode.ps1 FOLDER [-Rounds 5]. The folder has a subfolder a class, with or without train/ and test/.
# Ours is Get-CnnDataset, which lists, checks, decodes and hashes the images; Pillow's is the listing and decoding alone,
# into arrays, by a pool of as many threads as there are cores. First on one core, then on all.
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Folder,
    [ValidateRange(1, 1000)] [int] $Rounds = 5
)

$ErrorActionPreference = 'Stop'
$Folder = Convert-Path -LiteralPath $Folder
$python = $env:CNNTOOLS_PYTHON ?? '/usr/bin/python3'
$ours = {
    param($module, $folder)
    Import-Module $module
    $null = Get-CnnDataset SynthDigits -First 1
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $dataset = Get-CnnDataset $folder
    $seconds = $clock.Elapsed.TotalSeconds
    [Math]::Round(($dataset.Train + $dataset.Test) / $seconds, 1)
}
$pillow = @'
import os, sys, time
from multiprocessing.pool import ThreadPool
import numpy
from PIL import Image
start = time.perf_counter()
files = sorted(os.path.join(at, name) for at, _, names in os.walk(sys.argv[1]) for name in names)
with ThreadPool(len(os.sched_getaffinity(0))) as pool:
    images = pool.map(lambda path: numpy.asarray(Image.open(path)), files)
print(round(len(images) / (time.perf_counter() - start), 1))
'@

function Measure-Round([string[]] $command) {
    $found = & $command[0] $command[1..($command.Count - 1)]
    if ($LASTEXITCODE) { throw "$($command -join ' ') ended with $LASTEXITCODE." }
    [double]($found | Select-Object -Last 1)
}

$pwsh = Join-Path $PSHOME 'pwsh'
$line = "& { $ours } '$(Join-Path $PSScriptRoot '../CnnTools.psd1')' '$($Folder.Replace("'", "''"))'"
foreach ($cores in 1, [Environment]::ProcessorCount) {
    $on = 'taskset', '-c', "0-$($cores - 1)"
    $rates = foreach ($round in 0..$Rounds) {
        [pscustomobject]@{
            Round  = $round
            Pillow = Measure-Round ($on + $python + '-c' + $pillow + $Folder)
            Ours   = Measure-Round ($on + $pwsh + '-NoProfile' + '-Command' + $line)
        }
    }

    # The first round warms the files' cache.
    $ratios = @($rates | Select-Object -Skip 1 | ForEach-Object { $_.Ours / $_.Pillow } | Sort-Object)
    $median = { param($values) $values = @($values | Sort-Object); $values[[int][Math]::Floor($values.Count / 2)] }
    [pscustomobject]@{
        Cores = $cores; Rounds = $Rounds; Ratio = [Math]::Round((& $median $ratios), 2)
        From = [Math]::Round($ratios[0], 2); To = [Math]::Round($ratios[-1], 2)
        OursPerSecond = & $median $rates[1..$Rounds].Ours; PillowPerSecond = & $median $rates[1..$Rounds].Pillow
    }
}
