# Trains two settings with the same seeds: mean and deviation of each, and the difference seed by seed.
[CmdletBinding()]
param(
    [string] $RunPath = (Join-Path ([IO.Path]::GetTempPath()) "cnntools-seeds-$(Get-Date -Format yyyyMMdd-HHmmss)"),
    [string] $Model = 'LeNet5',
    [hashtable] $Data = @{ Dataset = 'SynthDigits' },
    [double[]] $LabelSmoothing = (0, 0.1),
    [ulong[]] $Seed = 1..5,
    [int] $Epochs = 3
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' 'CnnTools.psd1')

foreach ($smoothing in $LabelSmoothing) {
    foreach ($number in $Seed) {
        $null = Start-CnnTraining $Model @Data -LabelSmoothing $smoothing -Seed $number -Epochs $Epochs `
            -RunPath $RunPath -RunName "smoothing $smoothing, seed $number"
    }
}

Get-CnnRun $RunPath | Measure-CnnRun -GroupBy LabelSmoothing
