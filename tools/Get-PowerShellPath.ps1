<#
.SYNOPSIS
The file that starts another PowerShell like this one.

.DESCRIPTION
As a rule it is the file of this process. As a .NET tool PowerShell runs inside dotnet, and what starts it lies beside the
tools' store.
#>
$running = [Environment]::ProcessPath
if ((Split-Path -LeafBase $running) -ne 'dotnet') {
    return $running
}

$shim = $PSHOME -replace '[\\/]\.store[\\/].*$', '/pwsh'
(Test-Path -LiteralPath $shim -PathType Leaf) ? $shim : 'pwsh'
