# Tries every combination of some settings, chooses on the validation split, and tests the one that is chosen.
[CmdletBinding()]
param(
    [string] $RunPath = (Join-Path ([IO.Path]::GetTempPath()) "cnntools-grid-$(Get-Date -Format yyyyMMdd-HHmmss)"),
    [string] $Model = 'LeNet5',
    [hashtable] $Data = @{ Dataset = 'SynthDigits' },
    [double[]] $LearningRate = (3e-4, 1e-3, 3e-3),
    [int[]] $BatchSize = (32, 128),
    [int] $Epochs = 5
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' 'CnnTools.psd1')

foreach ($rate in $LearningRate) {
    foreach ($size in $BatchSize) {
        # -TestEvery 0: the test split has no part in the choice.
        $null = Start-CnnTraining $Model @Data -LearningRate $rate -BatchSize $size -Epochs $Epochs `
            -ValidationSplit 0.1 -TestEvery 0 -RunPath $RunPath -RunName "rate $rate, batch $size"
    }
}

$runs = Get-CnnRun $RunPath | Sort-Object BestValidationAccuracy -Descending
$runs | Compare-CnnRun | Select-Object Name, LearningRate, BatchSize, BestEpoch, BestValidationAccuracy
Test-CnnModel -Checkpoint $runs[0].BestCheckpoint @Data
