BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $manifest = Join-Path (Split-Path $PSScriptRoot) 'CnnTools.psd1'
    $pwsh = Join-Path $PSHOME 'pwsh'
    $tiny = New-TinyMnist (Join-Path $TestDrive 'tiny')
    $fast = @{ Model = 'LeNet5'; Dataset = 'MNIST'; DataPath = $tiny; BatchSize = 20; Threads = 1 }

    function New-Root { Join-Path $TestDrive "runs-$([guid]::NewGuid().ToString('N').Substring(0, 8))" }

    function Get-Files([string] $Folder) { (Get-ChildItem $Folder -Force).Name | Sort-Object }
}

Describe 'Start-CnnTraining -RunPath' {
    It 'makes a folder with settings, log and checkpoints, and records that know it' {
        $root = New-Root
        $records = @(Start-CnnTraining @fast -Epochs 3 -Seed 7 -LearningRate 0.002 -ValidationSplit 0.2 -LogEvery 4 -RunPath $root)
        $folder = Get-ChildItem $root -Force
        $folder.Name | Should -Match '^LeNet5-MNIST-\d{8}-\d{6}$'
        $records.Run | Should -Be (@($folder.Name) * 3)
        $records[-1].Checkpoint | Should -Be (Join-Path $folder.FullName 'last.safetensors')
        Get-Files $folder.FullName | Should -Be 'best.safetensors', 'last.safetensors', 'log.csv', 'log.steps.csv', 'run.json'
        [int[]] (Import-Csv (Join-Path $folder.FullName 'log.csv')).Epoch | Should -Be 1, 2, 3
        @(Import-Csv (Join-Path $folder.FullName 'log.steps.csv')).Count | Should -Be 6

        $run = Get-Content (Join-Path $folder.FullName 'run.json') | ConvertFrom-Json
        $run.state | Should -Be 'Finished'
        $run.settings.learningRate | Should -Be 0.002
        $run.settings.seed | Should -Be 7
        $run.settings.threads | Should -Be 1
        $run.data.dataPath | Should -Be $tiny
        $run.fingerprint | Should -Match '^[0-9a-f]{64}$'
        $run.command | Should -BeLike '*Start-CnnTraining @fast*'
        $run.environment.powerShell | Should -Be "$($PSVersionTable.PSVersion)"
        $run.environment.library | Should -BeLike 'libtorch *'
        $run.environment.module | Should -Be '0.1.0'
        $run.environment.process | Should -Be $PID
        [datetime] $run.ended | Should -BeGreaterOrEqual ([datetime] $run.started)
    }

    It 'keeps the best epoch on the validation split' {
        $root = New-Root
        $records = @(Start-CnnTraining @fast -Epochs 4 -ValidationSplit 0.2 -RunPath $root)
        $run = Get-CnnRun $root
        $best = $records | Sort-Object @{ e = 'ValidationAccuracy'; Descending = $true }, Epoch | Select-Object -First 1
        $run.BestEpoch | Should -Be $best.Epoch
        $run.BestTestAccuracy | Should -Be $best.TestAccuracy
        (Test-CnnModel -Checkpoint $run.BestCheckpoint -DataPath $tiny).Loss | Should -Be $best.TestLoss
        ($run | Test-CnnModel -DataPath $tiny).Loss | Should -Be $records[-1].TestLoss
    }

    It 'keeps as many of the best as are asked for, by the figure that is named' {
        $root = New-Root
        $records = @(Start-CnnTraining @fast -Epochs 4 -LearningRate 0.01 -Monitor TestLoss -KeepBest 2 -RunPath $root)
        $run = Get-CnnRun $root
        $best = $records | Sort-Object TestLoss | Select-Object -First 2
        $run.BestEpoch | Should -Be $best[0].Epoch
        Get-Files $run.Path | Should -Be 'best.safetensors', 'best2.safetensors', 'last.safetensors', 'log.csv', 'run.json'
        (Test-CnnModel -Checkpoint $run.BestCheckpoint -DataPath $tiny).Loss | Should -Be $best[0].TestLoss
        (Test-CnnModel -Checkpoint (Join-Path $run.Path 'best2.safetensors') -DataPath $tiny).Loss | Should -Be $best[1].TestLoss
        $records[-1].SelectedOn | Should -Be 'Test'
        ($run | Measure-CnnRun).SelectedEpoch | Should -BeNullOrEmpty
        "$run" | Should -Match ', best epoch [1-4]$'
    }

    It 'lets no other training write over what a run keeps' {
        $root = New-Root
        $null = Start-CnnTraining @fast -Epochs 1 -ValidationSplit 0.2 -RunPath $root
        $best = (Get-CnnRun $root).BestCheckpoint
        $hash = (Get-FileHash $best).Hash
        { Resume-CnnTraining $best -Epochs 2 -ErrorAction Stop } | Should -Throw -ErrorId 'CheckpointOfRun*'
        (Get-FileHash $best).Hash | Should -Be $hash
    }

    It 'names by -RunName, numbers what is taken, and keeps odd letters out of file names' {
        $root = New-Root
        (Start-CnnTraining @fast -Epochs 1 -RunName 'a/b [1]' -RunPath $root).Run | Should -Be 'a-b -1-'
        (Start-CnnTraining @fast -Epochs 1 -RunName 'a/b [1]' -RunPath $root).Run | Should -Be 'a-b -1--2'
        Get-Files $root | Should -Be 'a-b -1-', 'a-b -1--2'
    }

    It 'takes $CnnRunPath where no files are named, and nothing without it' {
        $root = New-Root
        $before = Get-Files $PWD
        $CnnRunPath = $root
        $null = Start-CnnTraining @fast -Epochs 1
        $null = Start-CnnTraining @fast -Epochs 1 -CsvPath (Join-Path $TestDrive 'own.csv') -Force
        @(Get-CnnRun).Count | Should -Be 1
        $CnnRunPath = $null
        $null = Start-CnnTraining @fast -Epochs 1
        @(Get-ChildItem $root).Count | Should -Be 1
        Get-Files $PWD | Should -Be $before
    }

    It 'makes nothing with -WhatIf, nor when the training is refused' {
        $root = New-Root
        Start-CnnTraining @fast -Epochs 1 -RunPath $root -WhatIf | Should -BeNullOrEmpty
        $root | Should -Not -Exist
        New-CnnModel ImageClassification | Start-CnnTraining -Dataset MNIST -DataPath $tiny -RunPath $root -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'ModelDoesNotFit,*'
        Get-ChildItem $root -Force | Should -BeNullOrEmpty
    }

    It 'says that -RunPath is a file, and names no other' {
        $file = Join-Path $TestDrive 'a file'
        Set-Content $file ''
        Start-CnnTraining @fast -RunPath $file -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        "$($failure[0])" | Should -BeLike "'$file' cannot be written: it is a file, not a folder.*"
    }

    It 'refuses files beside it' {
        Start-CnnTraining @fast -RunPath (New-Root) -CsvPath (Join-Path $TestDrive 'x.csv') -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'IncompatibleArguments,*'
    }

    It 'tells how a run ended: <State>' -ForEach @(
        @{ State = 'Failed'; Training = { Start-CnnTraining SimpleCnn -Dataset MNIST -DataPath $tiny -Optimizer SGD -LearningRate 1e30 -RunPath $root -ErrorAction SilentlyContinue } }
        @{ State = 'Stopped'; Training = { Start-CnnTraining @fast -Epochs 3 -RunPath $root | Select-Object -First 1 } }
        @{ State = 'Finished'; Training = { Start-CnnTraining @fast -Epochs 2 -RunPath $root | Select-Object -First 2 } }
        @{ State = 'Finished'; Training = { Start-CnnTraining @fast -Epochs 2 -RunPath $root -AsJob | Receive-Job -Wait -AutoRemoveJob } }
    ) {
        $root = New-Root
        $null = & $Training
        $run = Get-CnnRun $root
        $run.State | Should -Be $State
        $run.Ended | Should -Not -BeNullOrEmpty
        if ($State -eq 'Failed') {
            $run.Error | Should -BeLike 'The loss became*'
            $run.Checkpoint | Should -Exist
        }
    }

    It 'tells of a folder that vanishes, and loses nothing else' {
        $root = New-Root
        $rows = 1, 2 | ForEach-Object { [pscustomobject] @{ Model = 'LeNet5'; Epochs = 3; RunName = "r$_" } }
        $settings = $fast.Clone()
        $settings.Remove('Model')
        $records = @($rows | Start-CnnTraining @settings -RunPath $root -ModelVariable net -ErrorAction SilentlyContinue -ErrorVariable failure | ForEach-Object {
                if ($_.Run -eq 'r1' -and $_.Epoch -eq 1) { Remove-Item -Recurse -Force (Join-Path $root 'r1') }
                $_
            })
        $failure.Count | Should -Be 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FolderGone,*'
        "$($failure[0])" | Should -BeLike "*r1' is gone*"
        $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeLike '*New-Item*'
        $records.Run | Should -Be 'r1', 'r2', 'r2', 'r2'
        (Get-CnnRun $root).Name | Should -Be 'r2'
        ($net | Test-CnnModel -DataPath $tiny).Images | Should -Be 50
    }
}

Describe 'Resume-CnnTraining -RunPath' {
    BeforeAll {
        $settings = @{ Epochs = 3; Seed = 3; ValidationSplit = 0.2 } + $fast
        $settings.Model = Join-Path $TestDrive 'dropout.json'
        New-CnnModel -Name Small -InputShape 1,28,28 -Definition { Conv2d 4 5; ReLU; MaxPool2d 4; Flatten; Dropout 0.5; Linear 10 } | Export-CnnModel $settings.Model
        $whole = @(Start-CnnTraining @settings)
    }

    It 'goes on as if there had been no stop: <Case>' -ForEach @(
        @{ Case = 'by the folder'; Go = { Resume-CnnTraining -RunPath $run.Path } }
        @{ Case = 'by a record'; Go = { $first[-1] | Resume-CnnTraining } }
        @{ Case = 'by a run'; Go = { $run | Resume-CnnTraining } }
        @{ Case = 'by a folder of Get-ChildItem'; Go = { Get-ChildItem $root | Resume-CnnTraining } }
    ) {
        $root = New-Root
        $first = @(Start-CnnTraining @settings -RunPath $root | Select-Object -First 1)
        $run = Get-CnnRun $root
        $rest = @(& $Go)
        $rest.Epoch | Should -Be 2, 3
        ($first + $rest).TrainLoss | Should -Be $whole.TrainLoss
        ($first + $rest).TestLoss | Should -Be $whole.TestLoss
        $run = Get-CnnRun $root
        $run.State | Should -Be 'Finished'
        [int[]] (Import-Csv (Join-Path $run.Path 'log.csv')).Epoch | Should -Be 1, 2, 3
        $best = $whole | Sort-Object @{ e = 'ValidationAccuracy'; Descending = $true }, Epoch | Select-Object -First 1
        $run.BestEpoch | Should -Be $best.Epoch
        (Test-CnnModel -Checkpoint $run.BestCheckpoint -DataPath $tiny).Loss | Should -Be $best.TestLoss
    }

    It 'trains a finished run further with more -Epochs' {
        $root = New-Root
        $null = Start-CnnTraining @fast -Epochs 1 -RunPath $root -RunName a
        Resume-CnnTraining -RunPath (Join-Path $root 'a') -WarningVariable warning -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warning" | Should -BeLike '*-Epochs 1*larger*'
        $null = Start-CnnTraining @fast -Epochs 1 -RunPath $root -RunName b
        Get-CnnRun $root | Compare-CnnRun | Get-Member Schedule | Should -BeNullOrEmpty
        Remove-CnnRun (Join-Path $root 'b') -Confirm:$false
        (Get-CnnRun $root).State | Should -Be 'Finished'
        (Resume-CnnTraining -RunPath (Join-Path $root 'a') -Epochs 2).Epoch | Should -Be 2
        (Get-CnnRun $root).Epochs | Should -Be 2
    }

    It 'leaves run.json as it was where it cannot go on' {
        $root = New-Root
        $null = Start-CnnTraining @fast -Epochs 2 -RunPath $root -RunName a | Select-Object -First 1
        $folder = Join-Path $root 'a'
        $before = Get-Content -Raw (Join-Path $folder 'run.json')
        $other = New-TinyMnist (Join-Path $TestDrive 'other') -Train 100
        Resume-CnnTraining -RunPath $folder -DataPath $other -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'DatasetDiffers,*'
        Get-Content -Raw (Join-Path $folder 'run.json') | Should -Be $before
        Get-Files $folder | Should -Be 'last.safetensors', 'log.csv', 'run.json'
    }

    It 'says what is no run, and what has no checkpoint' {
        Resume-CnnTraining -RunPath $tiny -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NoRun,*'
        $root = New-Root
        $null = Start-CnnTraining @fast -Epochs 1 -RunPath $root -RunName a
        Remove-Item (Join-Path $root 'a/last.safetensors')
        $manifest = Join-Path $root 'a/run.json'
        $run = Get-Content -Raw $manifest | ConvertFrom-Json -AsHashtable
        $run.last = $null
        $run | ConvertTo-Json -Depth 20 | Set-Content $manifest
        Get-CnnRun $root | Resume-CnnTraining -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'RunWithoutCheckpoint,*'
        Resume-CnnTraining -RunPath (Join-Path $root 'a') -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'RunWithoutCheckpoint,*'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*Start-CnnTraining @fast*'
    }

    It 'says that a checkpoint is gone, and names that of the best epoch' {
        $root = New-Root
        $null = Start-CnnTraining @fast -Epochs 1 -RunPath $root -RunName a
        $null = Start-CnnTraining @fast -Epochs 1 -ValidationSplit 0.2 -RunPath $root -RunName b
        Remove-Item (Join-Path $root '*/last.safetensors')
        Get-CnnRun $root | Resume-CnnTraining -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure.FullyQualifiedErrorId | Should -BeLike 'CheckpointGone,*'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike 'Begin it again: *'
        $failure[1].ErrorDetails.RecommendedAction | Should -BeLike "*Start-CnnTraining -Model '$(Join-Path $root 'b/best.safetensors')'*"
    }
}

Describe 'A run of another process' {
    BeforeAll {
        $root = New-Root
        $line = "Import-Module '$manifest'; Start-CnnTraining LeNet5 -Dataset MNIST -DataPath '$tiny' -BatchSize 20 -Threads 1 -Epochs 1000000 -RunPath '$root' -RunName live"
        $process = Start-Process $pwsh -ArgumentList '-NoProfile', '-NonInteractive', '-Command', "& { $line }" -PassThru -RedirectStandardOutput (Join-Path $TestDrive 'live.out')
        $log = Join-Path $root 'live/log.csv'
        for ($i = 0; $i -lt 600 -and @(Get-Content $log -ErrorAction Ignore).Count -le 3; $i++) { Start-Sleep -Milliseconds 50 }
    }

    It 'is running, cannot be gone on with or removed, and is interrupted once it is killed' {
        (Get-CnnRun $root).State | Should -Be 'Running'
        (Get-CnnRun $root).Epoch | Should -BeGreaterThan 0
        Resume-CnnTraining -RunPath (Join-Path $root 'live') -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'RunInUse,*'
        $failure[0].CategoryInfo.Category | Should -Be 'ResourceBusy'
        $process.HasExited | Should -BeFalse

        $process.Kill()
        $process.WaitForExit()
        $run = Get-CnnRun $root
        $run.State | Should -Be 'Interrupted'
        $run.Ended | Should -BeNullOrEmpty
        (Get-CnnRun $root -State Running) | Should -BeNullOrEmpty
        $next = Resume-CnnTraining -RunPath $run.Path -Epochs ($run.Epoch + 3) | Select-Object -Last 1
        $next.Epoch | Should -Be ($run.Epoch + 3)
        [int[]] (Import-Csv $log).Epoch | Should -Be (1..($run.Epoch + 3))
        (Get-CnnRun $root).State | Should -Be 'Finished'
    }

    AfterAll {
        if (-not $process.HasExited) { $process.Kill() }
    }
}

Describe 'Get-CnnRun' {
    BeforeAll {
        $root = New-Root
        'one', 'two', 'three' | ForEach-Object { $null = Start-CnnTraining @fast -Epochs 1 -RunPath $root -RunName $_ }
        $null = Start-CnnTraining SimpleCnn -Epochs 2 -Dataset MNIST -DataPath $tiny -BatchSize 20 -Threads 1 -RunPath $root -RunName other -ValidationSplit 0.2
    }

    It 'filters: <Text>' -ForEach @(
        @{ Text = '-Name t*'; Arguments = @{ Name = 't*' }; Expected = 'three', 'two' }
        @{ Text = '-Name one, OTHER'; Arguments = @{ Name = 'one', 'OTHER' }; Expected = 'one', 'other' }
        @{ Text = '-Model Simple*'; Arguments = @{ Model = 'Simple*' }; Expected = 'other' }
        @{ Text = '-Dataset mnist'; Arguments = @{ Dataset = 'mnist'; Name = 'one' }; Expected = 'one' }
        @{ Text = '-Dataset CIFAR*'; Arguments = @{ Dataset = 'CIFAR*' }; Expected = @() }
        @{ Text = '-After tomorrow'; Arguments = @{ After = (Get-Date).AddDays(1) }; Expected = @() }
        @{ Text = '-Before tomorrow'; Arguments = @{ Before = (Get-Date).AddDays(1) }; Expected = 'one', 'other', 'three', 'two' }
        @{ Text = '-MinAccuracy 0'; Arguments = @{ MinAccuracy = 0 }; Expected = 'one', 'other', 'three', 'two' }
        @{ Text = '-MinAccuracy 1.1'; Arguments = @{ MinAccuracy = 1.1 }; Expected = @() }
        @{ Text = '-State Failed'; Arguments = @{ State = 'Failed' }; Expected = @() }
    ) {
        @(Get-CnnRun $root @Arguments | ForEach-Object Name) | Should -Be $Expected
    }

    It 'takes the root, a run, wildcards, a checkpoint and a record that was deserialised' {
        @(Get-CnnRun $root).Count | Should -Be 4
        (Get-CnnRun (Join-Path $root 'one')).Name | Should -Be 'one'
        (Get-CnnRun (Join-Path $root 't*')).Name | Should -Be 'three', 'two'
        (Get-CnnRun -LiteralPath (Join-Path $root 'two/last.safetensors')).Name | Should -Be 'two'
        (Get-ChildItem $root | Get-CnnRun).Count | Should -Be 4
        (Get-CnnRun $root | Get-CnnRun).Count | Should -Be 4
        $row = Import-Csv (Join-Path $root 'one/log.csv')
        ($row | Get-CnnRun).Name | Should -Be 'one'
        [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-CnnRun $root)[0])) | Get-CnnRun | ForEach-Object Name | Should -Be 'one'
    }

    It 'is one line as text, and a table at the prompt' {
        "$(Get-CnnRun $root -Name other)" | Should -Match '^other: finished after epoch 2 of 2, test accuracy \d\.\d{4}, best validation accuracy \d\.\d{4} in epoch [12]$'
        (Get-CnnRun $root | Out-String -Width 120) | Should -Match 'Name\s+State\s+Model\s+Epoch\s+Epochs\s+TrainAcc\s+ValidAcc\s+TestAcc\s+Started'
    }

    It 'tells of each broken run.json and goes on' {
        $broken = New-Root
        Copy-Item -Recurse $root $broken
        Set-Content (Join-Path $broken 'one/run.json') '{"version": 1, "name": "one"'
        Set-Content (Join-Path $broken 'two/run.json') '{"version": 1}'
        Set-Content (Join-Path $broken 'three/run.json') '{', '"version": x'
        $null = New-Item -ItemType Directory (Join-Path $broken 'no run')
        $runs = @(Get-CnnRun $broken -ErrorAction SilentlyContinue -ErrorVariable failure)
        $runs.Name | Should -Be 'other'
        $failure.Count | Should -Be 3
        $failure.FullyQualifiedErrorId | Should -BeLike 'CorruptFile,*'
        $failure[0].TargetObject | Should -BeLike '*run.json'
        "$($failure[1])" | Should -BeLike '*is not a valid run file: line 2: *'
        "$failure" | Should -Not -Match 'LineNumber|Path: '
    }

    It 'takes the names of states as the other cmdlets take choices' {
        (Get-CnnRun $root -State finished, Failed).Count | Should -Be 4
        { Get-CnnRun $root -State Foo } | Should -Throw "*'Foo' is none of Running, Finished, *"
    }

    It 'says where nothing is' {
        Get-CnnRun (Join-Path $TestDrive 'nowhere') -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
    }

    It 'lists a thousand runs without waiting' {
        $many = New-Root
        $text = Get-Content -Raw (Join-Path $root 'other/run.json')
        foreach ($i in 1..1000) {
            $folder = [IO.Directory]::CreateDirectory((Join-Path $many ('run{0:d4}' -f $i))).FullName
            [IO.File]::WriteAllText((Join-Path $folder 'run.json'), $text.Replace('"name": "other"', ('"name": "run{0:d4}"' -f $i)))
        }
        $null = Get-CnnRun $root
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $runs = @(Get-CnnRun $many -Name run0* -MinAccuracy 0)
        $clock.Stop()
        Write-Host "1000 runs in $($clock.ElapsedMilliseconds) ms"
        $runs.Count | Should -Be 999
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 3
    }
}

Describe 'Compare-CnnRun' {
    BeforeAll {
        $root = New-Root
        $null = Start-CnnTraining @fast -Epochs 1 -Seed 1 -RunPath $root -RunName a
        $null = Start-CnnTraining @fast -Epochs 2 -Seed 1 -LearningRate 0.01 -RunPath $root -RunName b
        $null = Start-CnnTraining @fast -Epochs 1 -Seed 1 -Optimizer SGD -ValidationSplit 0.1 -RunPath $root -RunName c
    }

    It 'puts what differs in the settings beside what differs in the results' {
        $rows = @(Get-CnnRun $root -Name a, b | Compare-CnnRun)
        $rows.Name | Should -Be 'a', 'b'
        $rows[0].PSObject.Properties.Name | Should -Be 'Name', 'Epochs', 'LearningRate', 'Epoch', 'TrainLoss', 'TrainAccuracy', 'TestAccuracy'
        $rows.LearningRate | Should -Be 0.001, 0.01
        $rows.Epochs | Should -Be 1, 2
        $rows[1].TestAccuracy | Should -Be (Get-CnnRun $root -Name b).TestAccuracy
    }

    It 'has a column for what one run only has, and takes a folder' {
        $rows = @(Compare-CnnRun $root)
        $rows.Count | Should -Be 3
        foreach ($name in 'Optimizer', 'ValidationSplit', 'BestEpoch') { $rows[0].PSObject.Properties.Name | Should -Contain $name }
        $rows[0].PSObject.Properties.Name | Should -Not -Contain 'Model'
        $rows[0].BestEpoch | Should -BeNullOrEmpty
        ($rows | Out-String -Width 200) | Should -Match 'a\s+1 +0\.\d{4} .* Epochs 1, Optimizer Adam, LearningRate 0.001, ValidationSplit 0'
    }

    It 'keeps the results on a screen of 120 columns, with settings as they were typed' {
        $wide = New-Root
        $null = Start-CnnTraining @fast -Epochs 1 -Seed 1 -RunPath $wide -RunName plain
        $other = $fast + @{ Schedule = 'Cosine'; Augmentation = 'RandomCrop 2', 'HorizontalFlip' }
        $other.DataPath = New-TinyMnist (Join-Path $TestDrive 'compared') -Train 100
        $null = Start-CnnTraining @other -Epochs 1 -Seed 1 -RunPath $wide -RunName changed
        $text = Compare-CnnRun $wide | Out-String -Width 120
        $text | Should -Match 'Name\s+Epoch\s+TrainAcc\s+ValidAcc\s+TestAcc\s+BestValidAcc\s+Settings'
        # Long cells are wrapped, within words too.
        $joined = $text -replace '\s+'
        $joined | Should -BeLike '*ScheduleCosine,AugmentationRandomCrop2,HorizontalFlip*'
        $joined | Should -Match 'Fingerprint[0-9a-f]{8},'
        $joined | Should -Not -Match 'Augmentation,'
        (Get-CnnRun $wide | Measure-CnnRun -GroupBy Schedule).Group | Should -Be 'Schedule Cosine', 'Schedule Constant'
    }

    It 'says that one run is none to compare' {
        Get-CnnRun $root -Name a | Compare-CnnRun -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NothingToCompare,*'
    }
}

Describe 'Remove-CnnRun' {
    BeforeAll {
        $template = New-Root
        $null = Start-CnnTraining @fast -Epochs 1 -RunPath $template -RunName a
    }

    BeforeEach {
        $root = New-Root
        $null = New-Item -ItemType Directory $root
        'a', 'b' | ForEach-Object { Copy-Item -Recurse (Join-Path $template 'a') (Join-Path $root $_) }
    }

    It 'removes a run from the pipeline or by path, and nothing with -WhatIf' {
        Get-CnnRun $root | Remove-CnnRun -WhatIf
        @(Get-CnnRun $root).Count | Should -Be 2
        Get-CnnRun (Join-Path $root 'a') | Remove-CnnRun -Confirm:$false
        Get-Files $root | Should -Be 'b'
        Remove-CnnRun (Join-Path $root '*') -Confirm:$false
        Get-Files $root | Should -BeNullOrEmpty
    }

    It 'asks first' {
        (Get-Command Remove-CnnRun).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be 'High'
    }

    It 'leaves alone what is no run: <Case>' -ForEach @(
        @{ Case = 'a folder of runs'; Make = { $root }; Id = 'NoRun' }
        @{ Case = 'another folder'; Make = { (New-Item -ItemType Directory (Join-Path $root 'other')).FullName }; Id = 'NoRun' }
        @{ Case = 'a run.json of something else'; Make = { $path = (New-Item -ItemType Directory (Join-Path $root 'other')).FullName; Set-Content (Join-Path $path 'run.json') '{}'; $path }; Id = 'CorruptFile' }
        @{ Case = 'a run with notes in it'; Make = { Set-Content (Join-Path $root 'a/notes.txt') 'x'; Join-Path $root 'a' }; Id = 'RunHoldsMore' }
        @{ Case = 'a run with a folder in it'; Make = { $null = New-Item -ItemType Directory (Join-Path $root 'a/more'); Join-Path $root 'a' }; Id = 'RunHoldsMore' }
        @{ Case = 'a link to a run'; Make = { (New-Item -ItemType SymbolicLink -Path (Join-Path $root 'link') -Target (Join-Path $root 'a')).FullName }; Id = 'RunIsLink' }
    ) {
        $path = & $Make
        $before = (Get-ChildItem $root -Recurse -Force).FullName
        Remove-CnnRun -LiteralPath $path -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        (Get-ChildItem $root -Recurse -Force).FullName | Should -Be $before
    }

    It 'follows no link out of the folder, even with -Force' {
        $outside = (New-Item -ItemType Directory (Join-Path $TestDrive "outside-$([guid]::NewGuid())")).FullName
        Set-Content (Join-Path $outside 'precious.csv') 'x'
        $null = New-Item -ItemType SymbolicLink -Path (Join-Path $root 'a/link') -Target $outside
        $null = New-Item -ItemType SymbolicLink -Path (Join-Path $root 'a/file.csv') -Target (Join-Path $outside 'precious.csv')
        Remove-CnnRun (Join-Path $root 'a') -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'RunHoldsMore,*'
        Remove-CnnRun (Join-Path $root 'a') -Force -Confirm:$false
        Get-Files $root | Should -Be 'b'
        Get-Content (Join-Path $outside 'precious.csv') | Should -Be 'x'
    }

    It 'refuses a run that is running, and removes the others' {
        $live = Start-CnnTraining @fast -Epochs 1000000 -RunPath $root -RunName live -AsJob
        while ((Get-Content (Join-Path $root 'live/log.csv') -ErrorAction Ignore).Count -lt 3) { Start-Sleep -Milliseconds 20 }
        Get-CnnRun $root | Remove-CnnRun -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure.Count | Should -Be 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'RunInUse,*'
        Get-Files $root | Should -Be 'live'
        $live | Stop-Job
        $live | Remove-Job
        (Get-CnnRun $root).State | Should -Be 'Stopped'
        Remove-CnnRun (Join-Path $root 'live') -Confirm:$false
        Get-Files $root | Should -BeNullOrEmpty
    }
}

Describe 'Measure-CnnRun' {
    BeforeAll {
        $root = New-Root
        $records = foreach ($rate in 0.001, 0.002) {
            foreach ($seed in 1, 2, 3) { Start-CnnTraining @fast -Epochs 2 -Seed $seed -LearningRate $rate -ValidationSplit 0.2 -RunPath $root -RunName "$rate-$seed" }
        }
    }

    It 'gives one row a run, the same from runs, records, logs and deserialised ones' {
        $rows = @(Measure-CnnRun $root)
        $rows.Count | Should -Be 6
        $rows[0].Run | Should -Be '0.001-1'
        $rows[0].LastEpoch | Should -Be 2
        $rows[0].SelectedOn | Should -Be 'Validation'
        $rows[0].TestImages | Should -Be 50
        $chosen = $records | Where-Object Run -EQ '0.001-1' | Sort-Object @{ e = 'ValidationAccuracy'; Descending = $true }, Epoch | Select-Object -First 1
        $rows[0].SelectedEpoch | Should -Be $chosen.Epoch
        $rows[0].TestAccuracy | Should -Be $chosen.TestAccuracy
        $rows[0].Lower | Should -BeLessThan $rows[0].TestAccuracy
        $rows[0].Upper | Should -BeGreaterThan $rows[0].Lower

        $expected = $rows | ForEach-Object { "$($_.Run) $($_.TestAccuracy) $($_.Lower) $($_.Upper)" }
        $records | Measure-CnnRun | ForEach-Object { "$($_.Run) $($_.TestAccuracy) $($_.Lower) $($_.Upper)" } | Should -Be $expected
        Get-CnnRun $root | Measure-CnnRun | ForEach-Object { "$($_.Run) $($_.TestAccuracy) $($_.Lower) $($_.Upper)" } | Should -Be $expected
        Measure-CnnRun -CsvPath (Join-Path $root '*/log.csv') -TestImages 50 | ForEach-Object { "$($_.Run) $($_.TestAccuracy) $($_.Lower) $($_.Upper)" } | Should -Be $expected
        Import-Csv (Join-Path $root '0.002-3/log.csv') | Measure-CnnRun -TestImages 50 | ForEach-Object { "$($_.Run) $($_.TestAccuracy) $($_.Lower) $($_.Upper)" } | Should -Be $expected[5]
        $runs = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize(@(Get-CnnRun $root)))
        $runs | Measure-CnnRun | ForEach-Object { "$($_.Run) $($_.TestAccuracy) $($_.Lower) $($_.Upper)" } | Should -Be $expected
    }

    It 'says that it cannot know the number of test images of a log' {
        $row = Measure-CnnRun -CsvPath (Join-Path $root '0.001-1/log.csv') -WarningAction SilentlyContinue -WarningVariable warning
        $row.Lower | Should -BeNullOrEmpty
        "$warning" | Should -BeLike '*-TestImages*'
    }

    It 'groups over seeds, with paired differences' {
        $groups = @(Get-CnnRun $root | Measure-CnnRun -GroupBy LearningRate)
        $groups.Group | Should -Be 'LearningRate 0.001', 'LearningRate 0.002'
        $groups.Runs | Should -Be 3, 3
        $rows = @(Measure-CnnRun $root)
        $measured = $rows[0..2].TestAccuracy | Measure-Object -Average -StandardDeviation
        [Math]::Abs($groups[0].Mean - $measured.Average) | Should -BeLessThan 1e-12
        [Math]::Abs($groups[0].Deviation - $measured.StandardDeviation) | Should -BeLessThan 1e-12
        $groups[1].Baseline | Should -Be 'LearningRate 0.001'
        $groups[1].Pairs | Should -Be 3
        $differences = 0..2 | ForEach-Object { $rows[3 + $_].TestAccuracy - $rows[$_].TestAccuracy }
        [Math]::Abs($groups[1].Difference - ($differences | Measure-Object -Average).Average) | Should -BeLessThan 1e-12
        ($records | Measure-CnnRun -GroupBy LearningRate).Difference | Should -Be $groups.Difference
        (Measure-CnnRun $root -GroupBy Optimizer, BatchSize).Group | Should -Be 'Optimizer Adam, BatchSize 20'
        Measure-CnnRun $root -GroupBy Optimiser -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'UnknownSetting,*'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*Optimizer*'
    }

    It 'takes folders of Get-ChildItem' {
        $folders = Get-ChildItem $root | Measure-CnnRun
        $folders.TestAccuracy | Should -Be (Measure-CnnRun $root).TestAccuracy
        $folders | Should -HaveCount 6
        Get-Item $tiny | Measure-CnnRun -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NoRun,*'
    }

    It 'says what is no row of a log' {
        [pscustomobject] @{ A = 1 } | Measure-CnnRun -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NoLogRow,*'
    }
}

Describe 'A record of a training that kept no checkpoint' {
    It 'is told what to give: <_>' -ForEach 'Test-CnnModel', 'Get-CnnRun', 'Resume-CnnTraining', 'Import-CnnModel' {
        $record = Start-CnnTraining @fast -Epochs 1
        $record | & $_ -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NoCheckpointKept,*'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*-RunPath*-ModelVariable*'
    }
}

Describe 'Rows of a plan' {
    It 'are one training each: Import-Csv plan.csv | Start-CnnTraining' {
        $root = New-Root
        $plan = Join-Path $TestDrive 'plan.csv'
        @"
RunName,Model,Dataset,DataPath,LearningRate,Optimizer,Momentum,Nesterov,Normalize,BatchSize,Epochs,Seed,Device,Threads,TestEvery,ValidationSplit,LogEvery,ImageSize,LabelFile,RunPath
one,LeNet5,MNIST,$tiny,0.002,,,,,20,1,,,1,,,,,,$root
two,SimpleCnn,MNIST,$tiny,0.01,SGD,0.9,True,"0.5,0.5",50,2,18446744073709551615,cpu,1,2,0.2,4,28x28,,$root
three,LeNet5,MNIST,$tiny,,,,,,,1,,,1,,,,,,$root
four,NoSuchNet,MNIST,$tiny,,,,,,,1,,,1,,,,,,$root
five,LeNet5,MNIST,$tiny,,,,maybe,,,1,,,1,,,,,,$root
"@ | Set-Content $plan
        $records = @(Import-Csv $plan | Start-CnnTraining -ErrorAction SilentlyContinue -ErrorVariable failure)
        $records.Run | Should -Be 'one', 'two', 'two', 'three'
        $records.LearningRate | Should -Be 0.002, 0.01, 0.01, 0.001
        $records[1].TestAccuracy | Should -BeNullOrEmpty
        $records[2].TestAccuracy | Should -Not -BeNullOrEmpty
        $records[1].Seed | Should -Be ([ulong]::MaxValue)
        $failure.Count | Should -Be 2
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'UnknownArchitecture,*'
        "$($failure[1])" | Should -BeLike "*'maybe' is neither*"
        $two = Get-CnnRun $root -Name two
        $two.Settings.Nesterov | Should -BeTrue
        $two.Settings.Momentum | Should -Be 0.9
        $two.Settings.LogEvery | Should -Be 4
        (Get-Content (Join-Path $two.Path 'run.json') | ConvertFrom-Json).normalization.mean | Should -Be 0.5
        (Get-CnnRun $root).Name | Should -Be 'one', 'three', 'two'
    }

    It 'have lists and switches too; empty cells are unset' {
        $root = New-Root
        $plan = Join-Path $TestDrive 'lists.csv'
        @"
RunName,Model,Dataset,DataPath,Epochs,Threads,ClassWeights,DecayWeightsOnly,WeightDecay,Schedule,Milestones,FastDevRun,RunPath
one,LeNet5,MNIST,$tiny,1,1,Balanced,True,0.1,MultiStep,"1, 2",,$root
two,LeNet5,MNIST,$tiny,1,1,"1,2,1,1,1,1,1,1,1,1",,,,,False,$root
three,LeNet5,MNIST,$tiny,1,1,,,,,,,$root
four,LeNet5,MNIST,$tiny,1,1,,,,,,True,$root
"@ | Set-Content $plan
        (Import-Csv $plan | Start-CnnTraining).Run | Should -Be 'one', 'two', 'three', 'four'
        $one, $three, $two = Get-CnnRun $root
        $one.Settings.BalancedClasses | Should -BeTrue
        $one.Settings.DecayWeightsOnly | Should -BeTrue
        $one.Settings.Schedule.Milestones | Should -Be 1, 2
        $two.Settings.ClassWeights | Should -Be 1, 2, 1, 1, 1, 1, 1, 1, 1, 1
        $three.Settings.ClassWeights | Should -BeNullOrEmpty
        $three.Settings.DecayWeightsOnly | Should -BeFalse
    }

    It 'may have a device; that of a live model is not taken for it' {
        ([pscustomobject] @{ Model = 'LeNet5'; Device = 'cuda:77' } | Start-CnnTraining -ErrorAction SilentlyContinue -ErrorVariable failure) | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'DeviceAbsent,*'
        $model = New-CnnModel LeNet5 | Add-Member -NotePropertyName Device -NotePropertyValue 'cuda:77' -Force -PassThru
        ($model | Start-CnnTraining -Dataset MNIST -DataPath $tiny -Epochs 1).Device | Should -Be (Start-CnnTraining LeNet5 -Dataset MNIST -DataPath $tiny -Epochs 1).Device
    }
}

Describe 'Records that come back from Start-Job' {
    It 'are of use: Get-CnnRun, Resume-CnnTraining, Test-CnnModel, Measure-CnnRun take them' {
        $root = New-Root
        $records = @(Start-Job {
                Import-Module $using:manifest
                Start-CnnTraining LeNet5 -Dataset MNIST -DataPath $using:tiny -BatchSize 20 -Threads 1 -Epochs 2 -ValidationSplit 0.2 -RunPath $using:root -RunName job
            } | Receive-Job -Wait -AutoRemoveJob)
        $records[-1].PSObject.TypeNames[0] | Should -Be 'Deserialized.CnnTools.Training.EpochRecord'
        $records[-1].Checkpoint | Should -Be (Join-Path $root 'job/last.safetensors')
        $Error.Clear()
        $records | Out-String | Should -Match 'LossTrend|Loss'
        $Error | Should -BeNullOrEmpty
        ($records[-1] | Get-CnnRun).Name | Should -Be 'job'
        ($records[-1] | Test-CnnModel -DataPath $tiny).Loss | Should -Be $records[-1].TestLoss
        ($records | Measure-CnnRun -TestImages 50).TestAccuracy | Should -Be (Measure-CnnRun $root).TestAccuracy
        ($records[-1] | Resume-CnnTraining -Epochs 3).Epoch | Should -Be 3
        (Get-CnnRun $root).State | Should -Be 'Finished'
    }
}
