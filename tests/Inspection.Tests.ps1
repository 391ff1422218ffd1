BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force

    Push-Location $TestDrive
    $net = New-CnnModel LeNet5 -InputShape 1,28,28 -Classes 10
    $photo = Join-Path $TestDrive 'photo.png'
    New-CnnImage 40,60 200,100,50 | Export-CnnImage $photo
    function Get-Id($failure) { @($failure)[0].FullyQualifiedErrorId -replace ',.*' }
}

AfterAll { Pop-Location }

Describe 'Export-FeatureMap' {
    It 'writes the edges of a photograph as the design has it' {
        $file = Invoke-Convolution -InputObject ./photo.png -Kernel EdgeDetect | Export-FeatureMap -Path edges.png
        $file.Path | Should -Exist
        (Get-CnnImage edges.png).Width | Should -Be 58
    }

    It 'keeps a file that is there, but for -Force' {
        $map = Invoke-Pooling Max 2 -InputObject ((1, 2), (3, 4))
        $null = $map | Export-FeatureMap once.npy
        $map | Export-FeatureMap once.npy -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        Get-Id $failure | Should -Be FileExists
        ($map | Export-FeatureMap once.npy -Force).Path | Should -Exist
    }

    It 'writes nothing with -WhatIf, and nothing for nothing' {
        Export-FeatureMap what -Model $net -InputObject $photo -Layer conv1 -WhatIf | Should -BeNullOrEmpty
        'what' | Should -Not -Exist
        @() | Export-FeatureMap none.png | Should -BeNullOrEmpty
    }

    It 'makes a file for each layer, or for each channel' {
        $files = Export-FeatureMap maps -Model $net -InputObject $photo -Layer conv* -ColorMap Viridis
        $files.Layer | Should -Be @($net | Get-CnnLayer | Where-Object Type -Like Conv2d* | ForEach-Object Name)
        $files.Path | Should -Exist
        (Export-FeatureMap single -Model $net -Layer conv1 -Weights -Single).Count | Should -Be 6
        (Export-FeatureMap values -Model $net -InputObject $photo -Layer conv1 -Format Csv).Path | Should -BeLike '*.csv'
    }

    It 'refuses what cannot be: <Id>' -ForEach @(
        @{ Id = 'UnknownLayer'; Do = { Export-FeatureMap bad -Model $net -InputObject $photo -Layer cnv1 } }
        @{ Id = 'OneFileForSeveralMaps'; Do = { Export-FeatureMap several.png -Model $net -InputObject $photo -Layer conv1, conv2 } }
        @{ Id = 'NoMapFormat'; Do = { Export-FeatureMap bad.gif -InputObject (1, 2) } }
        @{ Id = 'NotOnPicture'; Do = { Export-FeatureMap bad.png -InputObject (1, 2) -Overlay } }
        @{ Id = 'IncompatibleArguments'; Do = { Export-FeatureMap bad.png -InputObject (1, 2) -Layer conv1 } }
        @{ Id = 'InvalidArgument'; Do = { Export-FeatureMap bad.png -InputObject (1, 2) -Columns 0 } }
        @{ Id = 'InvalidArgument'; Do = { Export-FeatureMap bad.png -InputObject (1, 2) -Opacity 2 } }
        @{ Id = 'FolderNotFound'; Do = { Export-FeatureMap no/where/bad.png -InputObject (1, 2) } }
        @{ Id = 'InputDoesNotFit'; Do = { Get-CnnFeatureMap $net conv1 -InputObject ((1, 2), (3, 4)) } }
        @{ Id = 'InvalidArgument'; Do = { Get-CnnActivationMap $net -InputObject $photo -Class 10 } }
        @{ Id = 'NoPlaces'; Do = { Get-CnnActivationMap $net -InputObject $photo -Layer ($net.Graph.Output) } }
        @{ Id = 'InvalidArgument'; Do = { Get-CnnLayerStatistic $net -InputObject $photo -Label 1, 2 } }
    ) {
        $ErrorActionPreference = 'Continue'
        $all = & $Do 2>&1
        Get-Id ($all | Where-Object { $_ -is [Management.Automation.ErrorRecord] }) | Should -Be $Id
        'bad.png' | Should -Not -Exist
    }

    It 'draws maps without a number' {
        Export-FeatureMap nan.png -InputObject ([float]::NaN, [float]::NaN) | ForEach-Object Path | Should -Exist
    }
}

Describe 'Looking into a network' {
    It 'goes on after a broken file' {
        Set-Content broken.png 'no picture'
        $maps = Get-CnnFeatureMap $net conv1 -InputObject broken.png, $photo -ErrorAction SilentlyContinue -ErrorVariable failure
        @($maps).Source | Should -Be $photo
        $failure.Count | Should -BeGreaterThan 0
    }

    It 'tells close names of an unknown layer' {
        Get-CnnFeatureMap $net conv11 -InputObject $photo -ErrorAction SilentlyContinue -ErrorVariable failure
        "$($failure[0].ErrorDetails.RecommendedAction)" | Should -BeLike '*conv1*'
    }

    It 'draws a heat map of the picture''s size' {
        $file = Get-CnnActivationMap $net -InputObject $photo -Class 3 | Export-FeatureMap heat.png -Overlay
        $image = Get-CnnImage $file.Path
        $image.Width, $image.Height, $image.Channels | Should -Be 60, 40, 3
    }

    It 'completes layers' {
        $line = 'Get-CnnFeatureMap LeNet5 -Layer con'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'conv1'
    }

    It 'shows the vanishing gradient and its cure' {
        $sigmoid, $relu = & (Join-Path $PSScriptRoot '..' 'examples' 'vanishing-gradient.ps1')
        $sigmoid.Ratio | Should -BeLessThan 0.001
        $relu.Ratio | Should -BeGreaterThan (20 * $sigmoid.Ratio)
    }
}
