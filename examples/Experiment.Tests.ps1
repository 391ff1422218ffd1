# An experiment that says itself whether it holds: Invoke-Pester ./examples/Experiment.Tests.ps1. Other data or fewer epochs:
#   New-PesterContainer -Path ... -Data @{ Epochs = 1; MinAccuracy = 0.8 }
param(
    [hashtable] $Data = @{ Dataset = 'SynthDigits' },
    [int] $Epochs = 8,
    [double] $MinAccuracy = 0.97
)

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '..' 'CnnTools.psd1')
    $first = Start-CnnTraining LeNet5 @Data -Epochs $Epochs -Seed 1 | Select-Object -Last 1
}

Describe 'LeNet5' {
    It 'reaches <MinAccuracy> on the test split' {
        $first.TestAccuracy | Should -BeGreaterOrEqual $MinAccuracy
    }

    It 'gives the same figures again' {
        $again = Start-CnnTraining LeNet5 @Data -Epochs $Epochs -Seed 1 | Select-Object -Last 1
        $again.TestLoss | Should -Be $first.TestLoss
    }
}
