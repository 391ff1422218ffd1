# Trains LeNet5 on SynthDigits, shows the epochs, tests the checkpoint, and says where everything lies.
[CmdletBinding()]
param(
    # Where the log and the checkpoint go; a new folder among the temporary files by default.
    [string] $Folder = (Join-Path ([IO.Path]::GetTempPath()) "cnntools-demo-$(Get-Date -Format yyyyMMdd-HHmmss)")
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' 'CnnTools.psd1')
$null = New-Item -ItemType Directory -Force -Path $Folder
$log = Join-Path $Folder 'log.csv'
$checkpoint = Join-Path $Folder 'lenet5.safetensors'

$clock = [Diagnostics.Stopwatch]::StartNew()
Start-CnnTraining -Model LeNet5 -Dataset SynthDigits -Epochs 8 -CsvPath $log -CheckpointPath $checkpoint -Force |
    Tee-Object -Variable epochs |
    Format-Table Model, Dataset, Epoch,
        @{ Label = 'TrainLoss'; Expression = { $_.TrainLoss }; FormatString = 'F4' },
        @{ Label = 'TrainAccuracy'; Expression = { $_.TrainAccuracy }; FormatString = 'P2' },
        @{ Label = 'TestAccuracy'; Expression = { $_.TestAccuracy }; FormatString = 'P2' },
        @{ Label = 'Seconds'; Expression = { $_.Seconds }; FormatString = 'F1' }
$clock.Stop()

'The classes that it tells apart worst:'
(Test-CnnModel -Checkpoint $checkpoint -Dataset SynthDigits).Classes | Sort-Object F1 | Select-Object -First 3 | Format-Table

'Test accuracy {0:P2} after {1} epochs, {2:F1} seconds of training.' -f
    $epochs[-1].TestAccuracy, $epochs.Count, $clock.Elapsed.TotalSeconds
"CSV log:    $log"
"Checkpoint: $checkpoint"
