#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force

    $tiny = New-TinyMnist (Join-Path $TestDrive 'tiny')
    $fast = @{ Dataset = 'MNIST'; DataPath = $tiny; Epochs = 1; BatchSize = 16; Threads = 1 }
    $training = $fast + @{ Model = 'LeNet5'; TestEvery = 0 }
}

Describe '-Augmentation' {
    It 'changes a training, and the same seed gives the same figures' {
        $plain = Start-CnnTraining @training
        $settings = $training + @{ Augmentation = 'RandomCrop 3', 'Rotation 15' }
        $path = Join-Path $TestDrive 'augmented.safetensors'
        $augmented = Start-CnnTraining @settings -CheckpointPath $path
        $augmented.TrainLoss | Should -Not -Be $plain.TrainLoss
        (Start-CnnTraining @settings).TrainLoss | Should -Be $augmented.TrainLoss

        $settings.Epochs = 2
        (Resume-CnnTraining $path -Epochs 2).TrainLoss | Should -Be (Start-CnnTraining @settings)[-1].TrainLoss
    }

    It 'is read from the cell of a table' {
        $rows = 'RandomCrop 3; Rotation 15', '' | ForEach-Object { [pscustomobject]@{ Model = 'LeNet5'; Augmentation = $_ } }
        $losses = ($rows | Start-CnnTraining @fast -TestEvery 0).TrainLoss
        $losses[0] | Should -Not -Be $losses[1]
    }

    It 'answers <Text> with <Id>' -ForEach @(
        @{ Text = 'Sepia'; Id = 'UnknownAugmentation' }
        @{ Text = 'RandomCrop'; Id = 'BadAugmentation' }
        @{ Text = 'ColorJitter 0 0 0 0.1'; Id = 'AugmentationDoesNotFit' }
    ) {
        Start-CnnTraining @training -Augmentation $Text -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -Match "^$Id"
        $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'completes to examples' {
        $line = 'Start-CnnTraining LeNet5 -Augmentation Rand'
        $words = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText
        $words | Should -Contain "'RandomCrop 4'"
        $words | Should -Not -Contain "'Cutout 8'"
    }

    It 'shows images, as often as asked for' {
        $images = Get-CnnDataset SynthDigits -First 2 -Augmentation 'Rotation 30', 'Cutout 8' -Copies 5
        $images.Count | Should -Be 10
        $images.ForEach({ [convert]::ToHexString($_.Pixels) }) | Sort-Object -Unique | Should -HaveCount 10
        $images | Export-CnnImageGrid (Join-Path $TestDrive 'grid.png') -PassThru | Should -Exist
        Get-CnnDataset SynthDigits -First 2 -Copies 5 -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -Match '^IncompatibleArguments'
    }
}

Describe 'Preprocessing and tests' {
    It 'computes a normalisation that goes with the model' {
        foreach ($word in 'Computed', 'MeanImage') {
            $record = Start-CnnTraining LeNet5 @fast -Normalize $word -ModelVariable net
            ($net | Test-CnnModel -DataPath $tiny).Loss | Should -Be $record.TestLoss
            $path = Join-Path $TestDrive "$word.safetensors"
            $net | Export-CnnModel $path
            "$((Import-CnnModel $path).Normalization)" | Should -Be "$($net.Normalization)"
        }
    }

    It 'whitens by <Word>, for testing and predicting too' -ForEach @(
        @{ Word = 'Zca' }, @{ Word = 'pca 0.1' }, @{ Word = @('Zca', 0.001) }, @{ Word = 'MeanImage' }
    ) {
        $path = Join-Path $TestDrive "again $Word.safetensors"
        $record = Start-CnnTraining LeNet5 @fast -Normalize $Word -CheckpointPath $path
        $test = Test-CnnModel $path -DataPath $tiny
        $test.Accuracy | Should -Be $record.TestAccuracy
        [math]::Abs($test.Loss - $record.TestLoss) | Should -BeLessThan 1e-5

        $images = Get-CnnDataset MNIST -DataPath $tiny -Split Test -First 10000
        $predictions = @($images | Invoke-CnnModel $path -Top 10)
        $predictions | Should -HaveCount $test.Images
        $losses = for ($i = 0; $i -lt $images.Count; $i++) {
            -[math]::Log($predictions[$i].Top.Where({ $_.Class -eq $images[$i].Label }).Probability)
        }
        [math]::Abs(($losses | Measure-Object -Average).Average - $test.Loss) | Should -BeLessThan 1e-4
    }

    It 'goes on with a whitened run as if it had never stopped' {
        $root = Join-Path $TestDrive 'runs'
        $settings = $fast + @{ Model = 'LeNet5'; Normalize = 'Zca'; ValidationSplit = 0.2 }
        $settings.Epochs = 2
        $whole = Start-CnnTraining @settings
        $settings.Epochs = 1
        $null = Start-CnnTraining @settings -RunPath $root
        (Resume-CnnTraining -RunPath (Get-CnnRun $root).Path -Epochs 2).TrainLoss | Should -Be $whole[-1].TrainLoss
        $manifest = Get-ChildItem $root -Recurse -Filter run.json | Get-Content -Raw | ConvertFrom-Json
        $manifest.normalization.whitening.kind | Should -Be 'Zca'
        $manifest.normalization.whitening.epsilon | Should -Be 0.01
    }

    It 'answers -Normalize <Text> with <Id>' -ForEach @(
        @{ Text = 'Zca 0'; Id = 'InvalidArgument' }
        @{ Text = 'Zca much'; Id = 'InvalidArgument' }
        @{ Text = 'Pca 1 2'; Id = 'InvalidArgument' }
    ) {
        Start-CnnTraining @training -Normalize $Text -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -Match "^$Id"
    }

    It 'counts test images that were trained on' {
        (Get-CnnDataset SynthDigits).TestInTrain | Should -Be 0
        Start-CnnTraining @training -Verbose 4>&1 | Where-Object { "$_" -like '* test images stand in the training split too.' } | Should -HaveCount 1
    }

    It 'tells the worst files, the confused pairs and the calibration error' {
        foreach ($shade in 40, 200) {
            $null = New-Item -ItemType Directory (Join-Path $TestDrive 'shades' $shade)
            1..8 | ForEach-Object { New-CnnImage 28 ($shade + $_) | Export-CnnImage (Join-Path $TestDrive 'shades' $shade "$_.png") }
        }
        $test = Test-CnnModel SimpleCnn -Dataset (Join-Path $TestDrive 'shades') -Split Train -TestTimeAugmentation FlipCrops
        $test.Worst[0].Path | Should -Exist
        $test.Worst[0].Loss | Should -BeGreaterThan 0
        $test.CalibrationError | Should -BeGreaterThan 0
        ($test.ConfusedPairs | Measure-Object Images -Sum).Sum | Should -Be ($test.Images * (1 - $test.Accuracy))
    }
}
