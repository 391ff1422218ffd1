# Runs the Pester files and leaves the counts in a file. build.ps1 calls it in a process of its own, because an
# assembly that is loaded once cannot be loaded anew.
[CmdletBinding()]
param(
    # Pester's manifest.
    [Parameter(Mandatory)] [string] $Pester,
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $ResultPath,
    [string] $Filter
)

$ErrorActionPreference = 'Stop'
Import-Module $Pester
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
if ($Filter) {
    $configuration.Filter.FullName = "*$Filter*"
}

$result = Invoke-Pester -Configuration $configuration
[ordered]@{
    Passed  = $result.PassedCount
    Failed  = $result.FailedCount
    Skipped = $result.SkippedCount + $result.InconclusiveCount
    # A file that cannot be read, or an AfterAll that throws, fails no test and yet is no success.
    Whole   = $result.Result -eq 'Passed' -or $result.FailedCount -gt 0
} | ConvertTo-Json | Set-Content $ResultPath
exit [int]($result.Result -ne 'Passed')
