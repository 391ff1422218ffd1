BeforeDiscovery {
    # What docs/tutorials.md shows is run, block by block in one session, and prints what the page says.
    $text = Get-Content (Join-Path $PSScriptRoot '../docs/tutorials.md') -Raw
    $blocks = [regex]::Matches($text, '(?s)```powershell\n(.*?)```(?:\s*```output\n(.*?)```)?') | ForEach-Object {
        @{ Code = $_.Groups[1].Value; Output = $_.Groups[2].Value; Line = ($text[0..$_.Index] -eq "`n").Count + 2 }
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Push-Location $TestDrive
    $rendering, $PSStyle.OutputRendering = $PSStyle.OutputRendering, 'PlainText'

    function Get-Line($text) { ($text -split '\r?\n').TrimEnd() | Where-Object { $_ } }
}

AfterAll {
    $PSStyle.OutputRendering = $rendering
    Pop-Location
}

Describe 'Through the tutorials' {
    It 'prints what the page says, from line <Line>' -ForEach $blocks {
        $found = . ([scriptblock]::Create($Code)) 2>&1 | Out-String -Width 110
        # The blocks stand on each other: what one sets the next ones have.
        Get-Variable -Scope 0 | Where-Object Name -In image, diagonal, plane, picture, nine, five, net, module | ForEach-Object {
            Set-Variable -Name $_.Name -Value $_.Value -Scope 1
        }
        Get-Line $found | Should -Be @(Get-Line $Output)
    }
}
