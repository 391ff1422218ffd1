BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $tiny = New-TinyMnist (Join-Path $TestDrive 'tiny')
    $fast = @{ Dataset = 'MNIST'; DataPath = $tiny; BatchSize = 20 }
}

Describe 'Start-CnnTraining' {
    It 'emits one record an epoch, with all columns in the agreed order' {
        $records = @(Start-CnnTraining LeNet5 @fast -Epochs 2)
        $records.Count | Should -Be 2
        $records[0] | Should -BeOfType ([CnnTools.Training.EpochRecord])
        $records[0].PSObject.Properties.Name | Should -Be (
            'Run', 'Model', 'Dataset', 'Device', 'Seed', 'Epoch', 'Step', 'LearningRate', 'TrainLoss', 'TrainAccuracy',
            'ValidationLoss', 'ValidationAccuracy', 'TestLoss', 'TestAccuracy', 'Seconds', 'ImagesPerSecond',
            'PeakMemoryBytes', 'Threads', 'Precision', 'SelectedOn', 'Checkpoint')
        $records.Epoch | Should -Be 1, 2
        $records.Step | Should -Be 10, 20
        $records[1].TrainLoss | Should -BeLessThan $records[0].TrainLoss
        $records[0].ValidationLoss | Should -BeNullOrEmpty
    }

    It 'emits a record when its epoch ends, and stops there for Select-Object -First' {
        $records = @(Start-CnnTraining LeNet5 @fast -Epochs 1000000 | Select-Object -First 2)
        $records.Count | Should -Be 2
    }

    It 'trains with <Optimizer>' -ForEach @(
        @{ Optimizer = 'SGD'; More = @{ LearningRate = 0.1; Momentum = 0.9; Nesterov = $true; WeightDecay = 1e-4 } }
        @{ Optimizer = 'Adam'; More = @{} }
        @{ Optimizer = 'AdamW'; More = @{ WeightDecay = 0.05 } }
        @{ Optimizer = 'RMSprop'; More = @{ LearningRate = 1e-3; Momentum = 0.5 } }
    ) {
        $last = Start-CnnTraining LeNet5 @fast -Epochs 4 -Optimizer $Optimizer @More | Select-Object -Last 1
        $last.TestAccuracy | Should -BeGreaterThan 0.9
    }

    It 'gives the same figures for the same seed and others for another' {
        $losses = foreach ($seed in 1, 1, 2) { (Start-CnnTraining ImageClassificationOptimised @fast -Epochs 1 -Seed $seed).TrainLoss }
        $losses[0] | Should -Be $losses[1]
        $losses[0] | Should -Not -Be $losses[2]
    }

    It 'holds out a validation split' {
        $record = Start-CnnTraining LeNet5 @fast -Epochs 1 -ValidationSplit 0.2
        $record.ValidationAccuracy | Should -Not -BeNullOrEmpty
        $record.Step | Should -Be 8
        $record.SelectedOn | Should -BeNullOrEmpty
    }

    It 'leaves the test split alone with -TestEvery 0' {
        (Start-CnnTraining LeNet5 @fast -Epochs 1 -TestEvery 0).TestLoss | Should -BeNullOrEmpty
    }

    It 'needs nothing but the module: the built-in SynthDigits' {
        $record = Start-CnnTraining -Model LeNet5 -Device cpu -Epochs 1
        $record.Dataset | Should -Be 'SynthDigits'
    }

    It 'trains a live model in place' {
        $model = New-CnnModel LeNet5
        $before = (Test-CnnModel $model -Dataset MNIST -DataPath $tiny).Accuracy
        $null = $model | Start-CnnTraining @fast -Epochs 4
        $evaluation = $model | Test-CnnModel -Dataset MNIST -DataPath $tiny
        $evaluation.Accuracy | Should -BeGreaterThan $before
        $evaluation.Accuracy | Should -BeGreaterThan 0.9
    }

    It 'hands the trained model over by -ModelVariable, also where the pipeline ends early' {
        $null = New-CnnModel LeNet5 | Start-CnnTraining @fast -Epochs 2 -ModelVariable net
        $net | Should -BeOfType ([CnnTools.CnnModel])
        $null = Start-CnnTraining LeNet5 @fast -Epochs 50 -ModelVariable early | Select-Object -First 1
        $early.Architecture | Should -Be 'LeNet5'
    }

    It 'goes on with the model of a file' {
        $file = Join-Path $TestDrive 'start.safetensors'
        $null = Start-CnnTraining LeNet5 @fast -Epochs 3 -ModelVariable net
        $net | Export-CnnModel $file
        $first = (Start-CnnTraining LeNet5 @fast -Epochs 1).TrainLoss
        (Start-CnnTraining $file @fast -Epochs 1).TrainLoss | Should -BeLessThan $first
    }

    It 'stores the normalisation with the model and uses it again' {
        $null = Start-CnnTraining LeNet5 @fast -Epochs 1 -Normalize 0.5, 0.5 -ModelVariable net
        $net.Normalization.Mean | Should -Be 0.5
        $net.Normalization.Deviation | Should -Be 0.5
        $file = Join-Path $TestDrive 'normalised.safetensors'
        $net | Export-CnnModel $file
        $expected = (Test-CnnModel $net -Dataset MNIST -DataPath $tiny).Loss
        (Test-CnnModel -Checkpoint $file -Dataset MNIST -DataPath $tiny).Loss | Should -Be $expected
    }

    It 'takes -Normalize <Value>' -ForEach @(
        @{ Value = 'None'; Mean = 0; Deviation = 1 }
        @{ Value = 'Dataset'; Mean = [float] 0.1307; Deviation = [float] 0.3081 }
        @{ Value = '0.25,0.5'; Mean = 0.25; Deviation = 0.5 }
    ) {
        $null = Start-CnnTraining LeNet5 @fast -Epochs 1 -Normalize $Value -ModelVariable net
        $net.Normalization.Mean | Should -Be $Mean
        $net.Normalization.Deviation | Should -Be $Deviation
    }

    It 'fits a model made by name to the data set' {
        $small = New-TinyMnist (Join-Path $TestDrive 'side20') -Side 28 -Train 40 -Test 20
        $null = Start-CnnTraining SimpleCnn -Dataset MNIST -DataPath $small -Epochs 1 -ModelVariable net
        "$($net.InputShape)" | Should -Be '1x28x28'
    }

    It 'writes nothing unasked' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'clean')
        Push-Location $folder
        try { $null = Start-CnnTraining LeNet5 @fast -Epochs 1 } finally { Pop-Location }
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'changes the learning rate with -Schedule <Schedule>' -ForEach @(
        @{ Schedule = 'Step'; More = @{ StepSize = 2; Gamma = 0.5 }; Rates = 0.1, 0.1, 0.05, 0.05 }
        @{ Schedule = 'MultiStep'; More = @{ Milestones = 1, 3; Gamma = 0.5 }; Rates = 0.1, 0.05, 0.05, 0.025 }
        @{ Schedule = 'Polynomial'; More = @{}; Rates = 0.1, 0.075, 0.05, 0.025 }
        @{ Schedule = 'Constant'; More = @{ WarmupEpochs = 2; WarmupFactor = 0.5 }; Rates = 0.05, 0.075, 0.1, 0.1 }
    ) {
        $records = Start-CnnTraining LeNet5 @fast -Epochs 4 -Optimizer SGD -LearningRate 0.1 -Schedule $Schedule @More
        $records.LearningRate.ForEach{ [math]::Round($_, 10) } | Should -Be $Rates
    }

    It 'looks at the test split for a plateau only where the user says so, and the record tells it' {
        Start-CnnTraining LeNet5 @fast -Schedule Plateau -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NothingToMonitor*'
        (Start-CnnTraining LeNet5 @fast -Epochs 1 -Schedule Plateau -Monitor TestLoss).SelectedOn | Should -Be 'Test'
    }

    It 'completes the names of schedules' {
        $line = 'Start-CnnTraining LeNet5 -Schedule c'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'Constant', 'Cosine'
    }

    It 'tries everything and writes nothing with -FastDevRun' {
        $csv, $checkpoint = 'fast.csv', 'fast.safetensors' | ForEach-Object { Join-Path $TestDrive $_ }
        $record = Start-CnnTraining LeNet5 @fast -FastDevRun -CsvPath $csv -CheckpointPath $checkpoint
        $record.Step | Should -Be 1
        $record.TestLoss | Should -BeGreaterThan 0
        $csv, $checkpoint | Should -Not -Exist
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'balanced classes'; More = @{ ClassWeights = 'Balanced' } }
        @{ Name = 'weights of classes'; More = @{ ClassWeights = 1, 2, 1, 1, 1, 1, 1, 1, 1, 0.5 } }
        @{ Name = 'mixup and CutMix'; More = @{ Mixup = 0.2; CutMix = 1 } }
        @{ Name = 'clipping, accumulation and an average'; More = @{ ClipGradientNorm = 1; AccumulateBatches = 2; EmaDecay = 0.9 } }
        @{ Name = 'limits'; More = @{ MaxSteps = 3; MaxMinutes = 5; Overfit = 4 } }
        @{ Name = 'decisions'; More = @{ EarlyStopPatience = 2; TargetAccuracy = 0.99; ValidationSplit = 0.2 } }
    ) {
        (Start-CnnTraining LeNet5 @fast -Epochs 1 @More).TrainLoss | Should -BeGreaterThan 0
    }

    It 'finds a learning rate, and trains with it' {
        $range = Find-CnnLearningRate LeNet5 @fast -Steps 20
        $range.Steps.Count | Should -BeGreaterThan 5
        ($range | Start-CnnTraining @fast -Epochs 1).LearningRate | Should -Be $range.LearningRate
        ($range | Out-String) | Should -Match "LeNet5 +MNIST +$([regex]::Escape('{0:G3}' -f $range.LearningRate)) +$($range.Steps.Length)"
        ($range.Steps | Out-String) | Should -Match 'SmoothedLoss'
    }

    It 'warns where the suggestion is at an end of the range' {
        $null = Find-CnnLearningRate LeNet5 @fast -Steps 2 -WarningAction SilentlyContinue -WarningVariable warning
        "$warning" | Should -BeLike '*-Steps*wider range*'
    }

    It 'does nothing with -WhatIf' {
        $csv = Join-Path $TestDrive 'whatif.csv'
        Start-CnnTraining LeNet5 @fast -CsvPath $csv -WhatIf | Should -BeNullOrEmpty
        $csv | Should -Not -Exist
    }
}

Describe 'Logs and checkpoints' {
    It 'writes the epochs to -CsvPath with an invariant decimal point, whatever the culture' {
        $culture = [cultureinfo]::CurrentCulture
        $csv = Join-Path $TestDrive 'log.csv'
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            $records = @(Start-CnnTraining LeNet5 @fast -Epochs 2 -CsvPath $csv)
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
        $rows = @(Import-Csv $csv)
        $rows.Count | Should -Be 2
        $rows[0].PSObject.Properties.Name | Should -Be $records[0].PSObject.Properties.Name
        [double]::Parse($rows[1].TrainLoss, [cultureinfo]::InvariantCulture) | Should -Be $records[1].TrainLoss
        $rows[0].ValidationLoss | Should -BeNullOrEmpty
    }

    It 'has the row on the disk when the record is emitted' {
        $csv = Join-Path $TestDrive 'flushed.csv'
        $counts = Start-CnnTraining LeNet5 @fast -Epochs 3 -CsvPath $csv | ForEach-Object { @(Import-Csv $csv).Count }
        $counts | Should -Be 1, 2, 3
    }

    It 'replaces a log with -Force only, and adds to it with -Append' {
        $csv = Join-Path $TestDrive 'kept.csv'
        $null = Start-CnnTraining LeNet5 @fast -Epochs 1 -CsvPath $csv
        Start-CnnTraining LeNet5 @fast -Epochs 1 -CsvPath $csv -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        $null = Start-CnnTraining LeNet5 @fast -Epochs 1 -CsvPath $csv -Append
        @(Import-Csv $csv).Count | Should -Be 2
        $null = Start-CnnTraining LeNet5 @fast -Epochs 1 -CsvPath $csv -Force
        @(Import-Csv $csv).Count | Should -Be 1
    }

    It 'pipes into Export-Csv' {
        $csv = Join-Path $TestDrive 'exported.csv'
        Start-CnnTraining LeNet5 @fast -Epochs 2 | Export-Csv $csv
        @(Import-Csv $csv).Count | Should -Be 2
    }

    It 'logs steps with their mean loss in a file of their own, and emits them on request' {
        $csv = Join-Path $TestDrive 'steps.csv'
        $records = @(Start-CnnTraining LeNet5 @fast -Epochs 1 -LogEvery 4 -CsvPath $csv -IncludeSteps)
        $steps = @($records | Where-Object { $_ -is [CnnTools.Training.StepRecord] })
        $steps.Batch | Should -Be 4, 8
        $records[-1] | Should -BeOfType ([CnnTools.Training.EpochRecord])
        $rows = @(Import-Csv (Join-Path $TestDrive 'steps.steps.csv'))
        $rows.Batch | Should -Be '4', '8'
        @(Import-Csv $csv).Count | Should -Be 1
        @(Start-CnnTraining LeNet5 @fast -Epochs 1 -LogEvery 4 -CsvPath $csv -Append).Count | Should -Be 1
    }

    It 'writes a checkpoint that is a whole model, each epoch' {
        $path = Join-Path $TestDrive 'check.safetensors'
        $accuracies = Start-CnnTraining LeNet5 @fast -Epochs 3 -CheckpointPath $path | ForEach-Object {
            $_.Checkpoint | Should -Be $path
            (Test-CnnModel -Checkpoint $path -Dataset MNIST -DataPath $tiny).Loss | Should -Be $_.TestLoss
            $_.TestAccuracy
        }
        $accuracies.Count | Should -Be 3
        (Import-CnnModel $path).Architecture | Should -Be 'LeNet5'
        Get-ChildItem $TestDrive -Force -Filter '*.tmp' | Should -BeNullOrEmpty
    }

    It 'refuses an unwritable <Parameter> before any work' -ForEach @(
        @{ Parameter = 'CsvPath' }, @{ Parameter = 'CheckpointPath' }
    ) {
        $argument = @{ $Parameter = Join-Path $TestDrive 'no/folder/file' }
        Start-CnnTraining LeNet5 @fast -Epochs 100000 @argument -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FolderNotFound,*'
    }
}

Describe 'Wrong input' {
    It 'refuses <Case>' -ForEach @(
        @{ Case = 'an unknown network'; Arguments = @{ Model = 'LeNet6' }; Id = 'UnknownArchitecture'; Like = '*LeNet5*' }
        @{ Case = 'an unknown data set'; Arguments = @{ Dataset = 'MNIS' }; Id = 'UnknownDataset'; Like = '*MNIST*' }
        @{ Case = 'a device that is not there'; Arguments = @{ Device = 'cuda:77' }; Id = 'DeviceAbsent'; Like = '*cpu*-Device auto*' }
        @{ Case = 'batch size 0'; Arguments = @{ BatchSize = 0 }; Id = 'InvalidArgument'; Like = '*BatchSize*' }
        @{ Case = 'learning rate NaN'; Arguments = @{ LearningRate = [double]::NaN }; Id = 'InvalidArgument'; Like = '*LearningRate*' }
        @{ Case = 'no epochs'; Arguments = @{ Epochs = 0 }; Id = 'InvalidArgument'; Like = '*Epochs*' }
        @{ Case = 'momentum with Adam'; Arguments = @{ Momentum = 0.9 }; Id = 'IncompatibleArguments'; Like = '*Momentum*' }
        @{ Case = 'a missing data folder'; Arguments = @{ DataPath = '/no/such/folder' }; Id = 'DatasetNotFound'; Like = '*/no/such/folder*' }
        @{ Case = 'a drive that is not there'; Arguments = @{ CsvPath = 'nodrive:/x.csv' }; Id = 'NoSuchPlace'; Like = '*nodrive*' }
        @{ Case = 'a path that is no file'; Arguments = @{ CsvPath = 'Env:/x' }; Id = 'NotAFile'; Like = '*Environment*' }
        @{ Case = 'a dollar sign in -ModelVariable'; Arguments = @{ ModelVariable = '$net' }; Id = 'InvalidArgument'; Like = '*dollar*' }
        @{ Case = 'three numbers of normalisation'; Arguments = @{ Normalize = 1, 2, 3 }; Id = 'InvalidArgument'; Like = '*Normalize*' }
        @{ Case = 'a missing model file'; Arguments = @{ Model = './none.safetensors' }; Id = 'FileNotFound'; Like = '*none.safetensors*' }
    ) {
        $all = @{ Model = 'LeNet5'; Epochs = 1 } + $fast
        foreach ($key in $Arguments.Keys) { $all[$key] = $Arguments[$key] }
        Start-CnnTraining @all -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        "$($failure[0]) $($failure[0].ErrorDetails.RecommendedAction)" | Should -BeLike $Like
        $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $failure[0].TargetObject | Should -Not -BeNullOrEmpty
    }

    It 'says that several models are piped' {
        { Start-CnnTraining LeNet5, SimpleCnn @fast } | Should -Throw '*pipe several*'
    }

    It 'refuses a model for other images, naming both shapes' {
        New-CnnModel ImageClassification | Start-CnnTraining @fast -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'ModelDoesNotFit,*'
        "$($failure[0])" | Should -BeLike '*3x32x32*1x28x28*'
    }

    It 'stops at a loss that is no number and keeps the last good weights' {
        $path = Join-Path $TestDrive 'nan.safetensors'
        Start-CnnTraining SimpleCnn @fast -Optimizer SGD -LearningRate 1e30 -Epochs 3 -CheckpointPath $path -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'LossNotFinite,*'
        "$($failure[0])" | Should -Match 'step \d+'
    }

    It 'reads a CSV row of settings invariantly: <Cell>' -ForEach @(
        @{ Cell = '0.002'; Rate = 0.002 }, @{ Cell = '2e-3'; Rate = 0.002 }, @{ Cell = ''; Rate = 0.001 }
    ) {
        $row = [pscustomobject] @{ Model = 'LeNet5'; LearningRate = $Cell; Epochs = '1'; Seed = ''; Optimizer = '' }
        $record = $row | Start-CnnTraining @fast
        $record.LearningRate | Should -Be $Rate
        $record.Model | Should -Be 'LeNet5'
    }

    It 'does not take 0,001 for 1' {
        $row = [pscustomobject] @{ Model = 'LeNet5'; LearningRate = '0,001' }
        $row | Start-CnnTraining @fast -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        "$($failure[0])" | Should -BeLike '*0,001*'
        { Start-CnnTraining LeNet5 @fast -LearningRate 0,001 } | Should -Throw '*a list (0 and 1)*'
    }
}

Describe 'Resume-CnnTraining' {
    It 'goes on where a training was stopped, as if it had not been' {
        $settings = @{ Epochs = 4; Seed = 7; RunName = 'one' } + $fast
        $whole = @(Start-CnnTraining ImageClassification @settings)
        $path = Join-Path $TestDrive 'resume.safetensors'
        $csv = Join-Path $TestDrive 'resume.csv'
        $first = Start-CnnTraining ImageClassification @settings -CheckpointPath $path -CsvPath $csv | Select-Object -First 2
        $rest = $first[-1] | Resume-CnnTraining -DataPath $tiny -CsvPath $csv -ModelVariable net
        $rest.Epoch | Should -Be 3, 4
        ($first + $rest).TrainLoss | Should -Be $whole.TrainLoss
        ($first + $rest).TestLoss | Should -Be $whole.TestLoss
        (Import-Csv $csv).Epoch | Should -Be '1', '2', '3', '4'
        $net.Architecture | Should -Be 'ImageClassification'
    }

    It 'drops rows that the checkpoint does not know and writes them again' {
        $path = Join-Path $TestDrive 'behind.safetensors'
        $csv = Join-Path $TestDrive 'behind.csv'
        $null = Start-CnnTraining LeNet5 @fast -Epochs 2 -RunName x -CheckpointPath $path -CsvPath $csv
        $older = Join-Path $TestDrive 'older.safetensors'
        $null = Start-CnnTraining LeNet5 @fast -Epochs 1 -RunName x -CheckpointPath $older
        $null = Resume-CnnTraining $older -Epochs 2 -DataPath $tiny -CsvPath $csv
        (Import-Csv $csv).Epoch | Should -Be '1', '2'
    }

    It 'trains further with more -Epochs' {
        $path = Join-Path $TestDrive 'further.safetensors'
        $null = Start-CnnTraining LeNet5 @fast -Epochs 1 -CheckpointPath $path
        Resume-CnnTraining $path -DataPath $tiny | Should -BeNullOrEmpty
        (Resume-CnnTraining $path -DataPath $tiny -Epochs 3).Epoch | Should -Be 2, 3
    }

    It 'refuses a file that holds a model and no training' {
        $path = Join-Path $TestDrive 'model.safetensors'
        New-CnnModel LeNet5 | Export-CnnModel $path
        Resume-CnnTraining $path -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NoTrainingInFile,*'
    }
}

Describe 'CSV rows as settings' {
    It 'does not pass over a cell that is no <Column>: <Cell>' -ForEach @(
        @{ Column = 'Optimizer'; Cell = 'Foo' }, @{ Column = 'Seed'; Cell = '-1' }, @{ Column = 'Epochs'; Cell = '99999999999' }
        @{ Column = 'BatchSize'; Cell = '2.5' }, @{ Column = 'Momentum'; Cell = 'half' }
    ) {
        $row = [pscustomobject] @{ Model = 'LeNet5'; $Column = $Cell }
        $row | Start-CnnTraining -Dataset MNIST -DataPath $tiny -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        "$($failure[0])" | Should -BeLike "*$Cell*"
    }

    It 'keeps all digits of a seed' {
        $row = [pscustomobject] @{ Model = 'LeNet5'; Seed = '18446744073709551615' }
        ($row | Start-CnnTraining @fast -Epochs 1).Seed | Should -Be ([ulong]::MaxValue)
    }

    It 'trains rows one after the other into one log, and refuses one checkpoint for two' {
        $csv = Join-Path $TestDrive 'rows.csv'
        $rows = 'LearningRate,Epochs', '0.001,1', '0.002,2' | ConvertFrom-Csv
        $records = $rows | Select-Object *, @{ n = 'Model'; e = { 'LeNet5' } } | Start-CnnTraining @fast -CsvPath $csv -Force
        $records.LearningRate | Should -Be 0.001, 0.002, 0.002
        @(Import-Csv $csv).Count | Should -Be 3
        $checkpoint = Join-Path $TestDrive 'rows.safetensors'
        'LeNet5', 'SimpleCnn' | Start-CnnTraining @fast -Epochs 1 -CsvPath $csv -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure.Count | Should -Be 2
        @(Import-Csv $csv).Count | Should -Be 3
        $kept = 'LeNet5', 'SimpleCnn' | Start-CnnTraining @fast -Epochs 1 -CheckpointPath $checkpoint -Force -ErrorAction SilentlyContinue -ErrorVariable failure
        $kept.Model | Should -Be 'LeNet5'
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'IncompatibleArguments,*'
    }
}

Describe 'Arguments that make no sense together' {
    It 'refuses <Text>' -ForEach @(
        @{ Text = '-Append without a log'; Arguments = @{ Append = $true } }
        @{ Text = '-IncludeSteps without -LogEvery'; Arguments = @{ IncludeSteps = $true } }
        @{ Text = '-LogEvery with nowhere to log'; Arguments = @{ LogEvery = 5 } }
        @{ Text = '-Nesterov without momentum'; Arguments = @{ Nesterov = $true; Optimizer = 'SGD' } }
    ) {
        Start-CnnTraining LeNet5 @fast @Arguments -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'IncompatibleArguments,*'
    }
}

Describe 'Sweeps and jobs' {
    It 'sweeps in one pipeline' {
        $rows = 1e-2, 1e-3 | ForEach-Object { Start-CnnTraining -Model SimpleCnn @fast -Epochs 1 -LearningRate $_ | Select-Object -Last 1 } | Sort-Object TestAccuracy
        $rows.Count | Should -Be 2
    }

    It 'runs as a job' {
        $job = Start-CnnTraining LeNet5 @fast -Epochs 3 -AsJob -ModelVariable net
        $job | Should -BeOfType ([System.Management.Automation.Job])
        $records = $job | Wait-Job -Timeout 60 | Receive-Job
        $records.Epoch | Should -Be 1, 2, 3
        $job.State | Should -Be 'Completed'
        $net.Architecture | Should -Be 'LeNet5'
        $job | Remove-Job
    }

    It 'refuses a model in use, and stops a job after the step' {
        $net = New-CnnModel LeNet5
        $csv = Join-Path $TestDrive 'job.csv'
        $checkpoint = Join-Path $TestDrive 'job.safetensors'
        $job = $net | Start-CnnTraining @fast -Epochs 1000000 -AsJob -CsvPath $csv -CheckpointPath $checkpoint
        while ((Get-Content $csv -ErrorAction Ignore).Count -lt 3) { Start-Sleep -Milliseconds 20 }
        $net | Test-CnnModel -Dataset MNIST -DataPath $tiny -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'ModelBusy,*'
        $job | Stop-Job
        $job.State | Should -Be 'Stopped'
        ($net | Test-CnnModel -Dataset MNIST -DataPath $tiny).Images | Should -Be 50
        (Test-CnnModel -Checkpoint $checkpoint -Dataset MNIST -DataPath $tiny).Loss |
            Should -Be (Test-CnnModel $net -Dataset MNIST -DataPath $tiny).Loss
        $job | Remove-Job
    }

    It 'is received and removed in one' {
        $records = Start-CnnTraining LeNet5 @fast -Epochs 5 -AsJob | Receive-Job -Wait -AutoRemoveJob
        $records.Epoch | Should -Be 1, 2, 3, 4, 5
        Get-Job | Where-Object PSJobTypeName -EQ 'CnnTraining' | Should -BeNullOrEmpty
    }

    It 'fails as a job with the same error' {
        $job = Start-CnnTraining SimpleCnn @fast -Optimizer SGD -LearningRate 1e30 -AsJob | Wait-Job -Timeout 60
        $job.State | Should -Be 'Failed'
        $null = $job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'LossNotFinite*'
        $job | Remove-Job
    }
}

Describe 'Test-CnnModel' {
    BeforeAll {
        $null = Start-CnnTraining LeNet5 @fast -Epochs 3 -ModelVariable net
        $evaluation = $net | Test-CnnModel -Dataset MNIST -DataPath $tiny
    }

    It 'counts every image once' {
        $evaluation.Images | Should -Be 50
        ($evaluation.ConfusionMatrix | ForEach-Object { $_ } | Measure-Object -Sum).Sum | Should -Be 50
        $evaluation.Classes.Count | Should -Be 10
        ($evaluation.Classes | Measure-Object Images -Sum).Sum | Should -Be 50
        $evaluation.Top5Accuracy | Should -BeGreaterOrEqual $evaluation.Accuracy
    }

    It 'shows the worst images as a table and, by their index, as pictures' {
        ($evaluation.Worst | Out-String -Width 120) | Should -Match 'Class\s+Predicted\s+Confidence\s+Loss\s+Index\s+Path'
        $images = @(Get-CnnDataset MNIST -DataPath $tiny -Split test)[$evaluation.Worst.Index]
        $images.Label | Should -Be $evaluation.Worst.Class
        $grid = Join-Path $TestDrive 'worst.png'
        $images | Export-CnnImageGrid $grid
        $grid | Should -Exist
    }

    It 'says which splits there are' {
        { $net | Test-CnnModel -Split Foo } | Should -Throw "*'Foo' is none of *"
        { Get-CnnDataset -Split Foo } | Should -Throw "*'Foo' is none of *"
    }

    It 'tests on the data set of the training by default' {
        ($net | Test-CnnModel -DataPath $tiny).Dataset | Should -Be 'MNIST'
    }

    It 'takes part in the threads of the training that waits for it' {
        $path = Join-Path $TestDrive 'stream.safetensors'
        $tested = Start-CnnTraining SimpleCnn @fast -Epochs 2 -CheckpointPath $path | Test-CnnModel -DataPath $tiny
        $tested.Count | Should -Be 2
    }

    It 'agrees with the accuracy on the diagonal' {
        $hits = 0..9 | ForEach-Object { $evaluation.ConfusionMatrix[$_][$_] } | Measure-Object -Sum
        $evaluation.Accuracy | Should -Be ($hits.Sum / 50)
    }

    It 'takes Checkpoint, never Model, from a record' {
        $path = Join-Path $TestDrive 'record.safetensors'
        $record = Start-CnnTraining LeNet5 @fast -Epochs 2 -CheckpointPath $path | Select-Object -Last 1
        $tested = $record | Test-CnnModel -DataPath $tiny
        $tested.Loss | Should -Be $record.TestLoss
        $tested.Dataset | Should -Be 'MNIST'
        $without = Start-CnnTraining LeNet5 @fast -Epochs 1
        $without | Test-CnnModel -DataPath $tiny -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure.Count | Should -BeGreaterThan 0
    }

    It 'tests on the training split when asked' {
        ($net | Test-CnnModel -Dataset MNIST -DataPath $tiny -Split Train).Images | Should -Be 200
    }
}

Describe 'Real MNIST' {
    BeforeDiscovery {
        Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
        $real = Get-RealData
    }

    It 'runs the lines of the design as written' -Skip:(-not $real) {
        $previous = $env:CNNTOOLS_DATA
        $env:CNNTOOLS_DATA = Get-RealData
        try {
            $csv = Join-Path $TestDrive 'mnist.csv'
            Start-CnnTraining -Model LeNet5 -Dataset MNIST -Epochs 1 | Export-Csv $csv
            [double] (Import-Csv $csv).TestAccuracy | Should -BeGreaterThan 0.9
            $null = New-CnnModel LeNet5 | Start-CnnTraining -Dataset MNIST -Epochs 1 -ModelVariable net
            ($net | Test-CnnModel -Dataset MNIST).Images | Should -Be 10000
        }
        finally {
            $env:CNNTOOLS_DATA = $previous
        }
    }
}
