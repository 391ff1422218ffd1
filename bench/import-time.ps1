<#
.SYNOPSIS
Measures how long Import-Module takes in a fresh pwsh: the median of some runs, and with it that of a first cmdlet.
.DESCRIPTION
Each run is a process of its own. Import alone loads no libtorch; the first cmdlet that computes does. The aim is an
import of less than half a second.
.EXAMPLE
./bench/import-time.ps1 -Runs 20
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 1000)]
    [int] $Runs = 10,

    [string] $Module = (Join-Path (Split-Path $PSScriptRoot) 'CnnTools.psd1')
)

$script = @"
    `$import = (Measure-Command { Import-Module '$($Module -replace "'", "''")' }).TotalMilliseconds
    `$list = (Measure-Command { `$null = Get-CnnArchitecture }).TotalMilliseconds
    `$make = (Measure-Command { `$null = New-CnnModel LeNet5 }).TotalMilliseconds
    "`$(`$import.ToString([cultureinfo]::InvariantCulture)) `$(`$list.ToString([cultureinfo]::InvariantCulture)) `$(`$make.ToString([cultureinfo]::InvariantCulture))"
"@
$encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($script))
$samples = 1..$Runs | ForEach-Object {
    $line = & (Join-Path $PSHOME 'pwsh') -NoProfile -NonInteractive -EncodedCommand $encoded
    , [double[]] ($line -split ' ')
}

$names = 'Import-Module', 'Get-CnnArchitecture, the first', 'New-CnnModel, the first (loads libtorch)'
foreach ($column in 0..2) {
    $sorted = @($samples | ForEach-Object { $_[$column] } | Sort-Object)
    [pscustomobject] @{
        What     = $names[$column]
        MedianMs = [Math]::Round(($sorted[[Math]::Floor(($Runs - 1) / 2)] + $sorted[[Math]::Floor($Runs / 2)]) / 2, 1)
        MinMs    = [Math]::Round($sorted[0], 1)
        MaxMs    = [Math]::Round($sorted[-1], 1)
        Runs     = $Runs
    }
}
