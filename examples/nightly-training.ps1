# For cron: goes on with a run that was broken off, else begins one; a line on success, a line on the error stream and exit
# code 1 on failure. A crontab line, at two in the night:
#   0 2 * * *  pwsh -NoProfile -NonInteractive -File /path/to/examples/nightly-training.ps1 -RunPath /path/to/runs >> /path/to/nightly.log 2>&1
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $RunPath,
    [string] $Model = 'LeNet5',
    [hashtable] $Data = @{ Dataset = 'SynthDigits' },
    [int] $Epochs = 10,
    # Below this accuracy on the test split the night counts as failed.
    [double] $MinAccuracy = 0.9
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

try {
    Import-Module (Join-Path $PSScriptRoot '..' 'CnnTools.psd1')
    $open = @(if (Test-Path $RunPath) { Get-CnnRun $RunPath -Name 'nightly*' -State Interrupted, Stopped })
    $records = $open ? ($open[-1] | Resume-CnnTraining) : (Start-CnnTraining $Model @Data -Epochs $Epochs -RunPath $RunPath -RunName "nightly-$(Get-Date -Format yyyyMMdd)")
    $run = $records ? ($records | Select-Object -Last 1 | Get-CnnRun) : ($open[-1] | Get-CnnRun)
    "$(Get-Date -Format s) $run"
    if ($run.TestAccuracy -lt $MinAccuracy) {
        throw "$($run.Name): the test accuracy is below $MinAccuracy."
    }
}
catch {
    [Console]::Error.WriteLine("$(Get-Date -Format s) FAILED $_")
    exit 1
}
