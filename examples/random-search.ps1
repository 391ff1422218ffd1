# Draws settings at random and gives each a few epochs; the better half goes on for twice as many, again and again
# (successive halving: Jamieson and Talwalkar 2016).
[CmdletBinding()]
param(
    [string] $RunPath = (Join-Path ([IO.Path]::GetTempPath()) "cnntools-random-$(Get-Date -Format yyyyMMdd-HHmmss)"),
    [string] $Model = 'LeNet5',
    [hashtable] $Data = @{ Dataset = 'SynthDigits' },
    [int] $Candidates = 8,
    [int] $Epochs = 1,
    [int] $Seed = 1
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' 'CnnTools.psd1')

$random = [Random]::new($Seed)
foreach ($candidate in 1..$Candidates) {
    $settings = @{
        LearningRate = [Math]::Pow(10, -4 + 2 * $random.NextDouble())
        WeightDecay  = [Math]::Pow(10, -6 + 3 * $random.NextDouble())
        BatchSize    = 16, 32, 64 | Get-Random -SetSeed $random.Next()
    }
    $null = Start-CnnTraining $Model @Data @settings -Epochs $Epochs -ValidationSplit 0.1 -TestEvery 0 `
        -RunPath $RunPath -RunName "candidate $candidate"
}

$left = @(Get-CnnRun $RunPath)
while ($left.Count -gt 1) {
    $left = @($left | Sort-Object BestValidationAccuracy -Descending | Select-Object -First ([Math]::Ceiling($left.Count / 2)))
    $Epochs *= 2
    $left | Resume-CnnTraining -Epochs $Epochs | Out-Null
    $left = @($left | Get-CnnRun)
    Write-Verbose "$($left.Count) left after $Epochs epochs: $($left.Name -join '; ')"
}

Get-CnnRun $RunPath | Compare-CnnRun | Sort-Object BestValidationAccuracy -Descending |
    Select-Object Name, LearningRate, WeightDecay, BatchSize, Epochs, BestValidationAccuracy
Test-CnnModel -Checkpoint $left[0].BestCheckpoint @Data
