# What the Pester files share: the module under test, and where real data are.

$root = Split-Path $PSScriptRoot
Import-Module (Join-Path $root 'CnnTools.psd1') -Global

<#
.SYNOPSIS
The folder of real data sets; empty where there is none.
#>
function Get-RealData {
    $folder = $env:CNNTOOLS_TEST_DATA ? $env:CNNTOOLS_TEST_DATA : (Join-Path $root '..' 'shared' 'data')
    (Test-Path (Join-Path $folder 'mnist')) ? (Resolve-Path $folder).Path : $null
}

<#
.SYNOPSIS
Writes a small MNIST-like data set (IDX files, 1x8x8... any size) whose classes are easy to tell apart.
#>
function New-TinyMnist {
    param([string] $Path, [int] $Train = 200, [int] $Test = 50, [int] $Side = 28)

    $null = New-Item -ItemType Directory -Force $Path
    foreach ($split in @{ Name = 'train'; Count = $Train }, @{ Name = 't10k'; Count = $Test }) {
        $pixels = [byte[]]::new(16 + $split.Count * $Side * $Side)
        $labels = [byte[]]::new(8 + $split.Count)
        $header = 0, 0, 8, 3, 0, 0, ($split.Count -shr 8), ($split.Count -band 255), 0, 0, 0, $Side, 0, 0, 0, $Side
        [Array]::Copy([byte[]] $header, $pixels, 16)
        [Array]::Copy([byte[]] (0, 0, 8, 1, 0, 0, ($split.Count -shr 8), ($split.Count -band 255)), $labels, 8)
        for ($i = 0; $i -lt $split.Count; $i++) {
            # Each class is one bright pair of rows: a network learns it within an epoch or two.
            $class = $i % 10
            $labels[8 + $i] = $class
            $start = 16 + $i * $Side * $Side + (2 * $class + 4) * $Side
            for ($p = 0; $p -lt 2 * $Side; $p++) { $pixels[$start + $p] = 200 + ($i * 7 + $p) % 56 }
        }
        [IO.File]::WriteAllBytes((Join-Path $Path "$($split.Name)-images-idx3-ubyte"), $pixels)
        [IO.File]::WriteAllBytes((Join-Path $Path "$($split.Name)-labels-idx1-ubyte"), $labels)
    }
    $Path
}

Export-ModuleMember -Function Get-RealData, New-TinyMnist
