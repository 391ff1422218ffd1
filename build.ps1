#Requires -Version 7.6
<#
.SYNOPSIS
Builds, tests, shows, measures or packages CnnTools.
.DESCRIPTION
build    the whole solution, with LibTorch the native library too; ./CnnTools.psd1 imports from the clone afterwards
test     builds, runs the xunit projects, the native test and the Pester files, and ends with the totals
demo     trains LeNet5 on the built-in SynthDigits
bench    measures against PyTorch
package  makes the module folder and its .zip in out/
On a machine that may lack compilers, libtorch or PowerShell, use ./build.sh.
.EXAMPLE
./build.ps1 test -Filter Safetensors
.EXAMPLE
./build.ps1 build -Backend TorchSharp -Cuda
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('build', 'test', 'demo', 'bench', 'package')]
    [string] $Task = 'build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # What computes and reads images. LibTorch: a native library of our own, built here on the system's libtorch (Linux).
    # TorchSharp: packages only. Without it $env:CNNTOOLS_BACKEND, else LibTorch on Linux and TorchSharp elsewhere.
    [ValidateSet('LibTorch', 'TorchSharp')]
    [string] $Backend = ($env:CNNTOOLS_BACKEND ? $env:CNNTOOLS_BACKEND : $IsLinux ? 'LibTorch' : 'TorchSharp'),

    # With TorchSharp: libtorch for CUDA in place of that for the CPU. With LibTorch it is -LibTorch that decides.
    [switch] $Cuda,

    # With LibTorch, the libtorch to build on: an unpacked libtorch zip, or site-packages/torch of a pip install. Without it
    # $env:CNNTOOLS_LIBTORCH, else the system's.
    [string] $LibTorch,

    # Runs only the tests whose full name holds this.
    [string] $Filter,

    # What the demo or the measurement is called with.
    [Parameter(ValueFromRemainingArguments)]
    [string[]] $Arguments = @()
)

$ErrorActionPreference = 'Stop'
# Exit codes are looked at where they matter: a failing test project must not keep the next from running.
$PSNativeCommandUseErrorActionPreference = $false
# Not this process's file: as a .NET tool PowerShell runs inside dotnet.
$pwsh = Join-Path $PSHOME 'pwsh'
$solution = Join-Path $PSScriptRoot ($Backend -eq 'LibTorch' ? 'CnnTools.slnx' : "CnnTools.$Backend.slnx")
$module = Join-Path $PSScriptRoot 'src' 'CnnTools.PowerShell' 'CnnTools.PowerShell.csproj'

# What a tool has to say about its failure it has said itself.
function Invoke-Checked([string] $Command, [string[]] $With) {
    & $Command @With | Out-Host
    if ($LASTEXITCODE) {
        exit $LASTEXITCODE
    }
}

function Invoke-Build([string] $Project, [string] $Target = 'Build') {
    Invoke-Checked dotnet 'build', $Project, '--configuration', $Configuration, '--nologo', "-t:$Target"
}

# One runner's counts; Broken says why it gave none, or not all.
function New-Count([int] $Passed, [int] $Failed, [int] $Skipped, [string] $Broken) {
    [pscustomobject]@{ Passed = $Passed; Failed = $Failed; Skipped = $Skipped; Broken = $Broken }
}

function Invoke-XunitProject([IO.FileInfo] $Project, [string] $Results) {
    $trx = Join-Path $Results "$($Project.BaseName).trx"
    $with = @(
        'test', $Project.FullName, '--no-build', '--nologo', '-tl:off', '--configuration', $Configuration
        '--logger', "trx;LogFileName=$trx"
        if ($Filter) { '--filter', "FullyQualifiedName~$Filter" }
    )
    dotnet @with | Out-Host
    $code = $LASTEXITCODE
    if (-not (Test-Path $trx)) {
        # With a filter a project may well have nothing to run.
        return New-Count -Broken ($Filter -and $code -eq 0 ? '' : "$($Project.BaseName) left no results")
    }

    $counts = ([xml](Get-Content -Raw $trx)).TestRun.ResultSummary.Counters
    $total, $executed, $passed = [int]$counts.total, [int]$counts.executed, [int]$counts.passed
    $broken = $total -eq 0 -and -not $Filter ? "$($Project.BaseName) found no tests" :
        $code -ne 0 -and $executed -eq $passed ? "$($Project.BaseName) ended with exit code $code" : ''
    New-Count $passed ($executed - $passed) ($total - $executed) $broken
}

# The test of the C ABI. What ends it early, or is found when it ends (a leak), shows in its exit code.
function Invoke-NativeTest {
    $folder = Join-Path $PSScriptRoot 'tests' 'native'
    $names = '^TEST\(\w*' + [regex]::Escape($Filter)
    if (-not (Select-String -Path (Join-Path $folder '*_test.cpp') -Pattern $names -CaseSensitive -Quiet)) {
        return
    }

    & (Join-Path $folder 'run.sh') @($Filter | Where-Object { $_ }) | Tee-Object -Variable said | Out-Host
    $code = $LASTEXITCODE
    $passed, $failed = "$(@($said)[-1])" -match '^(\d+) passed, (\d+) failed$' ? [int[]]$Matches[1, 2] : (0, 0)
    New-Count $passed $failed 0 ($code -ne 0 -and $failed -eq 0 ? "the native test ended with exit code $code" : '')
}

# The manifest of a Pester 5: one of PowerShell's, else the package, where the feed has it.
function Get-Pester {
    $own = Get-Module -ListAvailable Pester | Where-Object Version -GE '5.0' | Select-Object -First 1
    if ($own) {
        return $own.Path
    }

    $packages = Join-Path $PSScriptRoot 'out' 'tools' 'packages'
    $said = dotnet restore (Join-Path $PSScriptRoot 'tools' 'Pester') --packages $packages
    if ($LASTEXITCODE) {
        Write-Host ($said | Select-String error | Select-Object -First 1)
        return
    }

    Get-Item (Join-Path $packages 'pester' '*' 'tools' 'Pester.psd1') | Select-Object -Last 1 -ExpandProperty FullName
}

function Invoke-Pester5([string] $Manifest, [string] $Results) {
    $counts = Join-Path $Results 'pester.json'
    & $pwsh -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot 'tools' 'Invoke-PesterTests.ps1') `
        -Pester $Manifest -Path (Join-Path $PSScriptRoot 'tests') -ResultPath $counts -Filter $Filter | Out-Host
    if (-not (Test-Path $counts)) {
        return New-Count -Broken 'Pester left no results'
    }

    $read = Get-Content -Raw $counts | ConvertFrom-Json
    New-Count $read.Passed $read.Failed $read.Skipped ($read.Whole ? '' : 'Pester failed outside of the tests')
}

function Invoke-Tests {
    Invoke-Build $solution
    $results = Join-Path $PSScriptRoot 'out' 'test-results'
    Remove-Item -Recurse -Force $results -ErrorAction Ignore
    $null = New-Item -ItemType Directory $results
    $pester = Get-Pester
    $counts = @(
        Select-Xml '//Project/@Path[starts-with(., "tests/")]' $solution |
            ForEach-Object { Invoke-XunitProject (Join-Path $PSScriptRoot $_.Node.Value) $results }
        if ($Backend -eq 'LibTorch') {
            Invoke-NativeTest
        }
        if ($pester) {
            Invoke-Pester5 $pester $results
        }
    )
    if (-not $pester) {
        Write-Host "`nNOT RUN: tests/*.Tests.ps1, the tests of the cmdlets. They want Pester 5: Install-Module Pester"
    }

    $broken = @($counts.Broken | Where-Object { $_ })
    $broken | ForEach-Object { Write-Host "BROKEN: $_" }
    $sum = $counts | Measure-Object -Sum Passed, Failed, Skipped
    Write-Host ('{0} passed, {1} failed, {2} skipped' -f $sum.Sum)
    $sum[1].Sum -eq 0 -and $broken.Count -eq 0
}

if ($Cuda -and $Backend -ne 'TorchSharp') {
    throw '-Cuda goes with -Backend TorchSharp. With LibTorch give a libtorch that has CUDA: -LibTorch PATH.'
}

if ($LibTorch -and $Backend -ne 'LibTorch') {
    throw "-LibTorch goes with -Backend LibTorch: $Backend brings its own."
}

# In the environment, so that builds which tests and the demo start have the same.
$before = @{}
function Set-BuildVariable([string] $Name, [string] $Value) {
    $before[$Name] = [Environment]::GetEnvironmentVariable($Name)
    [Environment]::SetEnvironmentVariable($Name, $Value)
}

try {
    Set-BuildVariable CNNTOOLS_BACKEND $Backend
    if ($Cuda) {
        Set-BuildVariable CNNTOOLS_CUDA 'true'
    }

    if ($LibTorch) {
        Set-BuildVariable CNNTOOLS_LIBTORCH (Resolve-Path $LibTorch).Path
    }

    switch ($Task) {
        'build' { Invoke-Build $solution }
        'test' {
            if (-not (Invoke-Tests)) {
                exit 1
            }
        }
        'demo' {
            Invoke-Build $module
            Invoke-Checked $pwsh @('-NoProfile', '-File', (Join-Path $PSScriptRoot 'examples' 'demo.ps1'); $Arguments)
        }
        'bench' {
            $project = Join-Path $PSScriptRoot 'bench' 'CnnTools.Bench'
            Invoke-Checked dotnet @('run', '--project', $project, '--configuration', $Configuration, '--'; $Arguments)
        }
        'package' { Invoke-Build $module PackageModule }
    }
}
finally {
    $before.GetEnumerator() | ForEach-Object { [Environment]::SetEnvironmentVariable($_.Key, $_.Value) }
}
