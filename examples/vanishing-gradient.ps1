# Seed 004's vanishing gradient: through eight sigmoids little of it comes back to the first layer, through ReLUs most does.
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' 'CnnTools.psd1')

foreach ($activation in 'Sigmoid', 'ReLU') {
    $words = "Flatten; $("Linear 64; $activation; " * 8) Linear 10"
    $net = New-CnnModel -Name "Eight$activation" -InputShape 1,28,28 -Definition ([scriptblock]::Create($words))
    $layers = Get-CnnLayerStatistic $net -Dataset SynthDigits | Where-Object Type -EQ Linear
    [pscustomobject]@{
        Activation    = $activation
        FirstGradient = $layers[0].GradientDeviation
        LastGradient  = $layers[-1].GradientDeviation
        Ratio         = $layers[0].GradientDeviation / $layers[-1].GradientDeviation
    }
}
