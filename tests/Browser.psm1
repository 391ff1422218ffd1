# A real browser for tests: Chromium without a window, driven by chromedriver over the W3C WebDriver protocol.

<#
.SYNOPSIS
Whether there is a Chromium and a chromedriver on the PATH.
#>
function Test-Browser {
    (Get-Command chromedriver -CommandType Application -ErrorAction Ignore) -and (Get-Command chromium -CommandType Application -ErrorAction Ignore)
}

<#
.SYNOPSIS
Starts a browser; Stop-Browser must end it.
#>
function Start-Browser {
    # Port 0: the driver takes a free one and says which.
    $start = [Diagnostics.ProcessStartInfo]::new((Get-Command chromedriver -CommandType Application)[0].Source, '--port=0')
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $driver = [Diagnostics.Process]::Start($start)
    try {
        do {
            $line = $driver.StandardOutput.ReadLine()
        } until ($null -eq $line -or $line -match 'started successfully on port (\d+)')
        if ($null -eq $line) {
            throw "chromedriver did not start: $($driver.StandardError.ReadToEnd())"
        }

        $browser = [pscustomobject]@{ Driver = $driver; Address = "http://127.0.0.1:$($Matches[1])/session"; Session = $null }
        $options = @{
            browserName           = 'chrome'
            'goog:loggingPrefs'   = @{ browser = 'ALL'; performance = 'ALL' }
            'goog:chromeOptions'  = @{
                binary = (Get-Command chromium -CommandType Application)[0].Source
                args   = '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars', '--force-color-profile=srgb'
            }
        }
        $browser.Session = (Invoke-Driver $browser Post '' @{ capabilities = @{ alwaysMatch = $options } }).sessionId
        $browser
    }
    catch {
        $driver.Kill($true)
        throw
    }
}

<#
.SYNOPSIS
Ends a browser and its driver, whatever state they are in.
#>
function Stop-Browser([Parameter(Mandatory)] $Browser) {
    try {
        $null = Invoke-Driver $Browser Delete ''
    }
    finally {
        $Browser.Driver.Kill($true)
        $Browser.Driver.WaitForExit()
    }
}

<#
.SYNOPSIS
Opens a file as a page, in a window of a size, light or dark.
#>
function Open-Page([Parameter(Mandatory)] $Browser, [string] $Path, [int] $Width = 1280, [int] $Height = 900, [string] $Scheme = 'light', [switch] $NoScript) {
    $null = Invoke-Devtools $Browser Emulation.setDeviceMetricsOverride @{ width = $Width; height = $Height; deviceScaleFactor = 1; mobile = $false }
    $null = Invoke-Devtools $Browser Emulation.setEmulatedMedia @{ features = @(@{ name = 'prefers-color-scheme'; value = $Scheme }) }
    $null = Invoke-Devtools $Browser Emulation.setScriptExecutionDisabled @{ value = [bool]$NoScript }
    $null = Invoke-Driver $Browser Post '/url' @{ url = [uri]::new((Resolve-Path -LiteralPath $Path).ProviderPath).AbsoluteUri }
}

<#
.SYNOPSIS
What a script in the page returns. It sees what it is given as arguments[0], arguments[1] and so on.
#>
function Invoke-Script([Parameter(Mandatory)] $Browser, [string] $Script, [object[]] $Arguments = @()) {
    Invoke-Driver $Browser Post '/execute/sync' @{ script = $Script; args = $Arguments }
}

<#
.SYNOPSIS
Moves the mouse to a place of the first element that a selector finds, in shares of its width and height; clicks there if asked.
#>
function Move-Pointer([Parameter(Mandatory)] $Browser, [string] $Selector, [double] $X = 0.5, [double] $Y = 0.5, [switch] $Click) {
    $place = Invoke-Script $Browser @'
        const element = document.querySelector(arguments[0]);
        element.scrollIntoView({ block: 'center', behavior: 'instant' });
        const box = element.getBoundingClientRect();
        return [box.left + box.width * arguments[1], box.top + box.height * arguments[2]].map(Math.round);
'@ $Selector, $X, $Y
    $actions = @(
        @{ type = 'pointerMove'; duration = 0; x = $place[0]; y = $place[1] }
        if ($Click) {
            @{ type = 'pointerDown'; button = 0 }
            @{ type = 'pointerUp'; button = 0 }
        }
    )
    $null = Invoke-Driver $Browser Post '/actions' @{ actions = @(@{ type = 'pointer'; id = 'mouse'; parameters = @{ pointerType = 'mouse' }; actions = $actions }) }
}

<#
.SYNOPSIS
Presses a key, by its code in the WebDriver protocol or as itself, on what has the focus.
#>
function Send-Key([Parameter(Mandatory)] $Browser, [string] $Key) {
    $actions = @(@{ type = 'keyDown'; value = $Key }, @{ type = 'keyUp'; value = $Key })
    $null = Invoke-Driver $Browser Post '/actions' @{ actions = @(@{ type = 'key'; id = 'keys'; actions = $actions }) }
}

<#
.SYNOPSIS
What the console has said since the last call: errors of scripts, and what the page's policy forbade.
#>
function Get-ConsoleMessage([Parameter(Mandatory)] $Browser) {
    (Invoke-Driver $Browser Post '/se/log' @{ type = 'browser' }).message
}

<#
.SYNOPSIS
The addresses that were asked for since the last call, the page's own among them.
#>
function Get-NetworkRequest([Parameter(Mandatory)] $Browser) {
    $messages = Invoke-Driver $Browser Post '/se/log' @{ type = 'performance' } | ForEach-Object { ConvertFrom-Json $_.message }
    ($messages.message | Where-Object method -EQ 'Network.requestWillBeSent').params.request.url
}

<#
.SYNOPSIS
Writes a picture of the page, of all of it if asked.
#>
function Save-Screenshot([Parameter(Mandatory)] $Browser, [string] $Path, [switch] $Whole) {
    $picture = Invoke-Devtools $Browser Page.captureScreenshot @{ captureBeyondViewport = [bool]$Whole }
    [IO.File]::WriteAllBytes($Path, [Convert]::FromBase64String($picture.data))
}

function Invoke-Devtools($Browser, [string] $Command, [hashtable] $With) {
    Invoke-Driver $Browser Post '/goog/cdp/execute' @{ cmd = $Command; params = $With }
}

function Invoke-Driver($Browser, [string] $Method, [string] $Path, $Body) {
    $address = $Browser.Session ? "$($Browser.Address)/$($Browser.Session)$Path" : $Browser.Address
    $with = $Method -eq 'Post' ? @{ Body = ConvertTo-Json $Body -Depth 10 -Compress; ContentType = 'application/json' } : @{}
    (Invoke-RestMethod $address -Method $Method -TimeoutSec 60 -NoProxy @with).value
}

Export-ModuleMember -Function Test-Browser, Start-Browser, Stop-Browser, Open-Page, Invoke-Script, Move-Pointer, Send-Key,
    Get-ConsoleMessage, Get-NetworkRequest, Save-Screenshot
