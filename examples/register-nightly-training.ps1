# Has Windows run nightly-training.ps1 every night, whether or not anyone is logged on; elsewhere it prints the line for
# crontab. -WhatIf shows what would be registered.
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [string] $RunPath,
    [datetime] $At = '02:00'
)

$ErrorActionPreference = 'Stop'
$script = Join-Path $PSScriptRoot 'nightly-training.ps1'
$runs = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($RunPath)
$pwsh = Join-Path $PSHOME 'pwsh'
$log = "$runs.log"

if (-not $IsWindows) {
    return "$($At.Minute) $($At.Hour) * * *  '$pwsh' -NoProfile -NonInteractive -File '$script' -RunPath '$runs' >> '$log' 2>&1"
}

if ($PSCmdlet.ShouldProcess('CnnTools nightly training', "Register for $($At.ToShortTimeString())")) {
    $action = New-ScheduledTaskAction -Execute "$pwsh.exe" -Argument "-NoProfile -NonInteractive -File `"$script`" -RunPath `"$runs`""
    $trigger = New-ScheduledTaskTrigger -Daily -At $At
    # A machine that was off at that time makes up for it; a night that is still running is not begun a second time.
    $settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -MultipleInstances IgnoreNew -ExecutionTimeLimit ([timespan]::FromHours(12))
    Register-ScheduledTask -TaskName 'CnnTools nightly training' -Action $action -Trigger $trigger -Settings $settings
}
