# Deals the trainings of a plan out to several devices: one after the other on each, at once on all. On one device, name it
# twice for two at a time; they share the process's thread count.
[CmdletBinding()]
param(
    [string] $RunPath = (Join-Path ([IO.Path]::GetTempPath()) "cnntools-parallel-$(Get-Date -Format yyyyMMdd-HHmmss)"),
    [string] $Model = 'LeNet5',
    [hashtable] $Data = @{ Dataset = 'SynthDigits' },
    [string[]] $Device = ('cpu', 'cpu'),
    [double[]] $LearningRate = (3e-4, 1e-3, 3e-3, 1e-2),
    [int] $Epochs = 3
)

$ErrorActionPreference = 'Stop'
$module = Join-Path $PSScriptRoot '..' 'CnnTools.psd1'
Import-Module $module

$share = for ($i = 0; $i -lt $Device.Count; $i++) {
    [pscustomobject]@{
        Device = $Device[$i]
        Rates  = @(for ($j = $i; $j -lt $LearningRate.Count; $j += $Device.Count) { $LearningRate[$j] })
    }
}

$share | ForEach-Object -ThrottleLimit $Device.Count -Parallel {
    Import-Module $using:module
    $data = $using:Data
    foreach ($rate in $_.Rates) {
        Start-CnnTraining $using:Model @data -Device $_.Device -Threads 1 -LearningRate $rate -Epochs $using:Epochs `
            -RunPath $using:RunPath -RunName "rate $rate" | Select-Object -Last 1
    }
} | Sort-Object LearningRate
