BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $manifest = Join-Path (Split-Path $PSScriptRoot) 'CnnTools.psd1'
    $saved = Join-Path $TestDrive 'saved.safetensors'
    New-CnnModel LeNet5 -InputShape 3,32,32 -Classes 4 -Name mine | Export-CnnModel $saved
}

Describe 'Get-CnnLayer' {
    It 'emits the layers alone, so that sums are right' {
        $layers = Get-CnnLayer ResNet18
        $layers | Should -BeOfType ([CnnTools.Graphs.LayerRecord])
        ($layers | Measure-Object Parameters -Sum).Sum | Should -Be 11689512
        ($layers | Measure-Object Macs -Sum).Sum | Should -Be 1814073344
    }

    It 'tells of each layer what makes sense for it' {
        $conv, $norm = Get-CnnLayer ResNet18 -Name conv1, bn1
        $conv.Model, $conv.Name, $conv.Type, $conv.Parameters | Should -Be 'ResNet18', 'conv1', 'Conv2d', 9408
        $conv.Kernel -eq 7 | Should -BeTrue
        "$($conv.Stride) $($conv.Padding) $($conv.OutputShape) $($conv.ReceptiveField)" | Should -Be '2 3 64x112x112 7'
        $norm.Kernel | Should -BeNullOrEmpty
        $norm.ReceptiveField.Vertical | Should -Be 7
    }

    It 'takes a name, a record of the catalog, a live model and a file' {
        $model = New-CnnModel LeNet5 -Name live
        $sources = @('SimpleCnn', (Get-CnnArchitecture AlexNet), $model, (Get-Item $saved), $saved)
        ($sources | Get-CnnLayer).Model | Select-Object -Unique | Should -Be 'SimpleCnn', 'AlexNet', 'live', 'mine'
        (Get-CnnLayer $saved)[-1].OutputShape.Count | Should -Be 4
    }

    It 'fits a network by name, and no other' {
        (Get-CnnLayer ResNet18 -InputShape 3,32,32 -Classes 7)[-1].OutputShape.Count | Should -Be 7
        "$((Get-CnnLayer ResNet18 -Stem Conv7x7 -InputShape 3,32,32 -Name conv1).Kernel)" | Should -Be '7'
        Get-CnnLayer $saved -Classes 7 -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'IncompatibleArguments,*'
        Get-CnnLayer SimpleCnn -InputShape 1,2,2 -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'ImpossibleShape,*'
    }

    It 'takes wildcards for layers' {
        (Get-CnnLayer ResNet18 -Name LAYER1.*.conv?).Name | Should -Be 'layer1.0.conv1', 'layer1.0.conv2', 'layer1.1.conv1', 'layer1.1.conv2'
        Get-CnnLayer ResNet18 -Name nothing* | Should -BeNullOrEmpty
        $found = Get-CnnLayer ResNet18 -Name layer1.0.conv3, fc -ErrorAction SilentlyContinue -ErrorVariable failure
        $found.Name | Should -Be 'fc'
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'UnknownLayer,*'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*layer1.0.conv1*'
    }

    It 'shows a table for each network, with its totals above' {
        $text = 'LeNet5', 'SimpleCnn' | Get-CnnLayer -Name conv* | Out-String -Width 120
        $text | Should -Match 'LeNet5: 61.706 parameters, 417 k multiply-adds, input 1x28x28'
        $text | Should -Match 'SimpleCnn: 220.234 parameters, 4.04 M multiply-adds, input 1x28x28'
        $text | Should -Match 'conv2 +Conv2d +5 +1 +0 +16x10x10 +2.416 +0.24 +14'
    }

    It 'names what is unknown and goes on' {
        $layers = 'NoSuchNet', 'LeNet5' | Get-CnnLayer -ErrorAction SilentlyContinue -ErrorVariable failure
        ($layers | Group-Object Model).Name | Should -Be 'LeNet5'
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'UnknownArchitecture,*'
        'LeNet5' | Get-CnnLayer -Name fc3 | Should -Not -BeNullOrEmpty
        { 5 | Get-CnnLayer -ErrorAction Stop } | Should -Throw
    }
}

Describe 'Networks by name' {
    It 'are looked at without libtorch' {
        $picture = Join-Path $TestDrive 'quiet.svg'
        & (Join-Path $PSHOME 'pwsh') -NoProfile -NonInteractive -Command "Import-Module '$manifest'
            `$null = Get-CnnLayer ResNet152; `$null = Measure-CnnModel '$saved'; Export-CnnGraph LeNet5 '$picture'
            [bool] ((Get-Process -Id `$PID).Modules.ModuleName -match 'torch_cpu')" | Should -Be 'False'
        $picture | Should -Exist
    }
}

Describe 'Measure-CnnModel' {
    It 'tells the costs of networks' {
        $costs = 'SimpleCnn', 'ResNet18' | Measure-CnnModel
        $costs[0].Parameters, $costs[0].TrainableParameters, $costs[0].ModelBytes | Should -Be 220234, 220234, 880936
        $costs[1].Macs | Should -Be 1814073344
        $costs[1].TrainingBytes | Should -BeGreaterThan $costs[1].EvaluationBytes
        $costs[0].BatchSize, $costs[0].EvaluationImagesPerSecond | Should -Be $null, $null
    }

    It 'emits a row for each batch size, and leaves the model as it is' {
        $model = New-CnnModel LeNet5
        $before, $after = 'before', 'after' | ForEach-Object { Join-Path $TestDrive "$_.safetensors" }
        $model | Export-CnnModel $before
        $rows = $model | Measure-CnnModel -BatchSize 1, '4' -Threads 1
        $rows.BatchSize | Should -Be 1, 4
        $rows.Device | Should -Be 'cpu', 'cpu'
        $rows.Threads | Should -Be 1, 1
        $rows.EvaluationImagesPerSecond | ForEach-Object { $_ | Should -BeGreaterThan 0 }
        $rows.TrainingImagesPerSecond | ForEach-Object { $_ | Should -BeGreaterThan 0 }
        $model | Export-CnnModel $after
        (Get-FileHash $after).Hash | Should -Be (Get-FileHash $before).Hash
    }

    It 'goes on behind a batch that cannot be' {
        $rows = Measure-CnnModel LeNet5 -Device cpu -BatchSize 0, 2000000000, 2 -ErrorAction SilentlyContinue -ErrorVariable failure
        $rows.BatchSize | Should -Be 2
        $failure.FullyQualifiedErrorId -replace ',.*' | Should -Be 'InvalidArgument', 'InvalidArgument'
    }

    It 'refuses a batch that does not fit, before it is made' {
        # Some terabytes.
        Measure-CnnModel DenseNet121 -Device cpu -BatchSize 14000 -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NotEnoughMemory,*'
        $failure[0].ErrorDetails.RecommendedAction | Should -Match '-BatchSize, [1-9]\d* at most'
    }

    It 'refuses what it cannot do: <With>' -ForEach @(
        @{ With = @{ Device = 'cuda:9' }; Id = 'DeviceAbsent,*' }
        @{ With = @{ Threads = 2 }; Id = 'IncompatibleArguments,*' }
        @{ With = @{ Device = 'cpu'; Threads = 0 }; Id = 'InvalidArgument,*' }
    ) {
        Measure-CnnModel LeNet5 @With -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike $Id
    }

    It 'stops when it has emitted enough' {
        (Measure-CnnModel LeNet5 -Device cpu -BatchSize (1..1000) | Select-Object -First 1).BatchSize | Should -Be 1
    }
}

Describe 'Export-CnnGraph' {
    It 'draws <_>' -ForEach 'net.svg', 'net.dot', 'net.gv' {
        $path = Join-Path $TestDrive $_
        Export-CnnGraph SqueezeNet1_1 $path | Should -BeNullOrEmpty
        $text = Get-Content $path -Raw
        $text | Should -BeLike '*features.3.expand1x1*'
        if ($_ -like '*.svg') { ([xml] $text).svg.title | Should -BeLike 'SqueezeNet1_1: 1,235,496 parameters*' }
        else { $text | Should -BeLike 'digraph*' }
    }

    It 'takes the format that is said before that of the extension' {
        $path = Join-Path $TestDrive 'net.txt'
        Export-CnnGraph LeNet5 $path -Format Dot
        Get-Content $path -TotalCount 1 | Should -BeLike 'digraph*'
        Export-CnnGraph LeNet5 (Join-Path $TestDrive 'net.png') -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'UnknownDrawingFormat,*'
        { Export-CnnGraph LeNet5 (Join-Path $TestDrive 'net.svg') -Format Png } | Should -Throw '*Dot, Svg*'
    }

    It 'replaces a file with -Force only, and writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'kept.svg'
        Set-Content $path 'mine'
        Export-CnnGraph LeNet5 $path -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        Export-CnnGraph LeNet5 $path -Force -WhatIf
        Get-Content $path | Should -Be 'mine'
        Export-CnnGraph LeNet5 $path -Force -PassThru | Should -BeOfType ([IO.FileInfo])
        Get-Content $path -Raw | Should -BeLike '*<svg*'
        Export-CnnGraph LeNet5 (Join-Path $TestDrive 'none.svg') -WhatIf
        Join-Path $TestDrive 'none.svg' | Should -Not -Exist
    }

    It 'draws a live model, and says where it cannot write' {
        $path = Join-Path $TestDrive 'live.svg'
        New-CnnModel LeNet5 -Name '<&>' | Export-CnnGraph -Path $path
        ([xml] (Get-Content $path -Raw)).svg.title | Should -BeLike '<&>: *'
        Export-CnnGraph LeNet5 (Join-Path $TestDrive 'no/such/x.svg') -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FolderNotFound,*'
    }
}
