# A small network of one's own, augmentation and one cycle of the learning rate: MNIST beyond 99.5 %.
[CmdletBinding()]
param(
    [hashtable] $Data = @{ Dataset = 'MNIST' },
    [ulong[]] $Seed = 0..2,
    [int] $Epochs = 12,
    [string] $CsvPath
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' 'CnnTools.psd1')
$log = $CsvPath ? @{ CsvPath = $CsvPath; Append = $true } : @{}

foreach ($number in $Seed) {
    New-CnnModel -Name MnistNet -InputShape 1,28,28 -Seed $number -Definition {
        Conv2d 32 5 -Padding 2 -Bias $false; BatchNorm2d; ReLU; MaxPool2d 2
        Conv2d 48 3 -Padding 1 -Bias $false; BatchNorm2d; ReLU; MaxPool2d 2
        Conv2d 96 3 -Padding 1 -Bias $false; BatchNorm2d; ReLU
        Conv2d 128 3 -Bias $false; BatchNorm2d; ReLU
        Flatten; Dropout 0.4; Linear 10
    } | Start-CnnTraining @Data @log -Epochs $Epochs -Seed $number -BatchSize 100 -Threads 1 -Optimizer AdamW -LearningRate 4e-3 -Schedule OneCycle `
        -LabelSmoothing 0.1 -Augmentation 'Affine 10 0.1 0.9,1.1 0 bilinear' | Select-Object -Last 1
}
