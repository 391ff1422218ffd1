# Each script of examples/, at a small size.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $examples = Join-Path (Split-Path $PSScriptRoot) 'examples'
    $pwsh = Join-Path $PSHOME 'pwsh'
    $data = @{ Dataset = 'MNIST'; DataPath = New-TinyMnist (Join-Path $TestDrive 'tiny') }

    function New-Root { Join-Path $TestDrive "runs-$([guid]::NewGuid().ToString('N').Substring(0, 8))" }
}

Describe 'examples' {
    It 'grid-search chooses on the validation split and tests once' {
        $root = New-Root
        $found = @(& (Join-Path $examples 'grid-search.ps1') -RunPath $root -Data $data -LearningRate 1e-4, 1e-2 -BatchSize 20, 50 -Epochs 2)
        $found.Count | Should -Be 5
        @(Get-CnnRun $root).Count | Should -Be 4
        (Get-CnnRun $root).TestAccuracy | Where-Object { $null -ne $_ } | Should -BeNullOrEmpty
        [double[]] $accuracies = $found[0..3].BestValidationAccuracy
        $accuracies | Should -Be ($accuracies | Sort-Object -Descending)
        $found[4].Split | Should -Be 'Test'
        $found[4].Images | Should -Be 50
    }

    It 'random-search lets the better half go on' {
        $root = New-Root
        $found = @(& (Join-Path $examples 'random-search.ps1') -RunPath $root -Data $data -Candidates 4)
        @(Get-CnnRun $root).Epoch | Sort-Object | Should -Be 1, 1, 2, 4
        $found[-1].Images | Should -Be 50
        @($found[0..3].LearningRate | Sort-Object -Unique).Count | Should -Be 4
    }

    It 'seeds gives mean, deviation and paired difference' {
        $found = @(& (Join-Path $examples 'seeds.ps1') -RunPath (New-Root) -Data $data -Seed 1, 2 -Epochs 1)
        $found.Group | Should -Be 'LabelSmoothing 0', 'LabelSmoothing 0.1'
        $found.Runs | Should -Be 2, 2
        $found[1].Pairs | Should -Be 2
        $found[1].Deviation | Should -Not -BeNullOrEmpty
    }

    It 'mnist-augmented gives the last epoch of each seed, and a log of all' {
        $csv = Join-Path $TestDrive 'augmented.csv'
        $found = @(& (Join-Path $examples 'mnist-augmented.ps1') -Data $data -Seed 0, 1 -Epochs 2 -CsvPath $csv)
        $found.Seed | Should -Be 0, 1
        $found.Epoch | Should -Be 2, 2
        @(Import-Csv $csv).Count | Should -Be 4
        $found[0].TrainLoss | Should -Not -Be $found[1].TrainLoss
    }

    It 'parallel-devices trains on two at once, each as it would alone' {
        $root = New-Root
        $found = @(& (Join-Path $examples 'parallel-devices.ps1') -RunPath $root -Data $data -LearningRate 1e-3, 2e-3, 3e-3 -Epochs 1)
        $found.LearningRate | Should -Be 1e-3, 2e-3, 3e-3
        (Get-CnnRun $root).State | Sort-Object -Unique | Should -Be 'Finished'
        $found[1].TrainLoss | Should -Be (Start-CnnTraining LeNet5 @data -LearningRate 2e-3 -Epochs 1 -Threads 1).TrainLoss
    }

    It 'Experiment.Tests passes where it holds, and fails where it does not' {
        $file = Join-Path $examples 'Experiment.Tests.ps1'
        $script = "Import-Module '$((Get-Module Pester).Path)'
            0, 1.01 | ForEach-Object {
                `$container = New-PesterContainer -Path '$file' -Data @{ Data = @{ Dataset = 'MNIST'; DataPath = '$($data.DataPath)' }; Epochs = 1; MinAccuracy = `$_ }
                (Invoke-Pester -Container `$container -PassThru -Output None).FailedCount
            }"
        & $pwsh -NoProfile -NonInteractive -Command $script | Should -Be '0', '1'
    }

    It 'register-nightly-training gives a line for crontab' -Skip:$IsWindows {
        $line = & (Join-Path $examples 'register-nightly-training.ps1') -RunPath (Join-Path $TestDrive 'nights') -At 03:30
        $line | Should -BeLike "30 3 * * *  '*pwsh' -NoProfile * -RunPath '$(Join-Path $TestDrive 'nights')' >> *nights.log* 2>&1"
    }
}

Describe 'In a scheduled script' {
    BeforeAll {
        $manifest = Join-Path (Split-Path $PSScriptRoot) 'CnnTools.psd1'
        $training = "Import-Module '$manifest'; Start-CnnTraining LeNet5 -Dataset MNIST -DataPath '$($data.DataPath)' -Epochs 1"
        $errors = Join-Path $TestDrive 'errors.txt'
    }

    It 'nightly-training begins a run, goes on with one that was broken off, and tells in one line' {
        $root = New-Root
        $settings = @{ Epochs = 3; RunPath = $root; RunName = 'nightly-20260101' } + $data
        $null = Start-CnnTraining LeNet5 @settings | Select-Object -First 1
        $script = "& '$(Join-Path $examples 'nightly-training.ps1')' -RunPath '$root' -Data @{ Dataset = 'MNIST'; DataPath = '$($data.DataPath)' } -Epochs 1 -MinAccuracy 0"
        $said = @(& $pwsh -NoProfile -NonInteractive -Command $script)
        $LASTEXITCODE | Should -Be 0
        $said.Count | Should -Be 1
        $said[0] | Should -Match '^\S+ nightly-20260101: finished after epoch 3 of 3, test accuracy \d\.\d{4}$'

        # Nothing is open now: a new one. Its accuracy is asked for more than there is.
        $said = @(& $pwsh -NoProfile -NonInteractive -Command $script.Replace('-MinAccuracy 0', '-MinAccuracy 1.1') 2> $errors)
        $LASTEXITCODE | Should -Be 1
        $said.Count | Should -Be 1
        @(Get-Content $errors) | Should -Match '^\S+ FAILED nightly-\d{8}: the test accuracy is below 1.1.$'
        @(Get-CnnRun $root).Count | Should -Be 2
    }

    It 'nightly-training tells of an error in one line and exits with 1' {
        & $pwsh -NoProfile -NonInteractive -File (Join-Path $examples 'nightly-training.ps1') -RunPath (New-Root) -Model NoSuchNet 2> $errors | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 1
        @(Get-Content $errors) | Should -Match "^\S+ FAILED There is no architecture named 'NoSuchNet'"
    }

    It 'pwsh -Command exits with <Code>: <Case>' -ForEach @(
        @{ Case = 'a training that succeeds'; More = ''; Code = 0 }
        @{ Case = 'an error with -ErrorAction Stop'; More = '-LearningRate 0 -ErrorAction Stop'; Code = 1 }
        @{ Case = 'an error in the last command'; More = '-LearningRate 0'; Code = 1 }
        @{ Case = 'an error before other commands'; More = "-LearningRate 0; 'more'"; Code = 0 }
        @{ Case = 'an error before other commands, with -ErrorAction Stop'; More = "-LearningRate 0 -ErrorAction Stop; 'more'"; Code = 1 }
    ) {
        $null = & $pwsh -NoProfile -NonInteractive -Command "$training $More" 2>&1
        $LASTEXITCODE | Should -Be $Code
    }
}
