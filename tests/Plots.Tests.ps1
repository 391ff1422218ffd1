BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force

    $tiny = New-TinyMnist (Join-Path $TestDrive 'tiny')
    $log = Join-Path $TestDrive 'log.csv'
    $training = @{ Model = 'LeNet5'; Dataset = 'MNIST'; DataPath = $tiny; Epochs = 2; LogEvery = 1; IncludeSteps = $true }
    $records = Start-CnnTraining @training -RunName one -CsvPath $log -ModelVariable net

    function Get-Words([string] $Path) { ([xml] (Get-Content -Raw $Path)).GetElementsByTagName('text').InnerText }
}

Describe 'Export-CnnPlot' {
    It 'draws records, and rows of a log the same' {
        $a, $b, $c = 'a', 'b', 'c' | ForEach-Object { Join-Path $TestDrive "$_.svg" }
        $records | Where-Object { $_ -is [CnnTools.Training.EpochRecord] } | Export-CnnPlot $a | Should -BeNullOrEmpty
        Import-Csv $log | Export-CnnPlot $b
        Export-CnnPlot $c -CsvPath $log
        (Get-FileHash $b).Hash | Should -Be (Get-FileHash $a).Hash
        (Get-FileHash $c).Hash | Should -Be (Get-FileHash $a).Hash
        Get-Words $a | Should -Contain 'LeNet5 on MNIST'
        Get-Words $a | Should -Contain 'Epoch'
        'training', 'test', 'Loss', 'Accuracy' | ForEach-Object { Get-Words $a | Should -Contain $_ }
    }

    It 'draws steps from the pipeline and from the log beside' {
        $a, $b = 'steps-a', 'steps-b' | ForEach-Object { Join-Path $TestDrive "$_.svg" }
        $records | Export-CnnPlot $a
        Export-CnnPlot $b -CsvPath $log -IncludeSteps
        (Get-FileHash $b).Hash | Should -Be (Get-FileHash $a).Hash
        'training, steps', 'Step' | ForEach-Object { Get-Words $a | Should -Contain $_ }
    }

    It 'draws what is asked for' {
        $path = Join-Path $TestDrive 'asked.svg'
        Import-Csv $log | Export-CnnPlot $path -Y LearningRate, TestLoss -X Seconds -LogY -Title 'Mine'
        $words = Get-Words $path
        'Mine', 'Loss, test', 'Learning rate', 'Seconds' | ForEach-Object { $words | Should -Contain $_ }
        $words | Should -Not -Contain 'Accuracy'
    }

    It 'lays several trainings over one another' {
        $path = Join-Path $TestDrive 'several.svg'
        $sweep = Join-Path $TestDrive 'sweep.csv'
        $others = 1, 2 | ForEach-Object { Start-CnnTraining LeNet5 -Dataset MNIST -DataPath $tiny -Epochs 1 -RunName "seed $_" -Seed $_ -CsvPath $sweep -Append }
        $others + $records | Export-CnnPlot $path
        'seed 1', 'seed 2', 'one' | ForEach-Object { Get-Words $path | Should -Contain $_ }
        Export-CnnPlot $path -CsvPath (Join-Path $TestDrive '*eep.csv'), $log -Force
        'seed 1', 'seed 2', 'one' | ForEach-Object { Get-Words $path | Should -Contain $_ }
    }

    It 'draws runs, deserialised ones, and folders of runs as it draws their logs' {
        $root = Join-Path $TestDrive 'plotted'
        1, 2 | ForEach-Object { $null = Start-CnnTraining LeNet5 -Dataset MNIST -DataPath $tiny -Epochs 1 -RunPath $root -RunName "run $_" }
        $expected, $path = 'logs', 'runs' | ForEach-Object { Join-Path $TestDrive "$_.svg" }
        Export-CnnPlot $expected -CsvPath (Join-Path $root '*/log.csv')
        $runs = @(Get-CnnRun $root)
        $back = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($runs))
        foreach ($given in $runs, $back, (Get-ChildItem $root), (Get-Item $root)) {
            $given | Export-CnnPlot $path -Force
            (Get-FileHash $path).Hash | Should -Be (Get-FileHash $expected).Hash
        }
        Get-Item $tiny | Export-CnnPlot $path -Force -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NoRun,*'
    }

    It 'says which choices there are' {
        { $records | Export-CnnPlot (Join-Path $TestDrive 'y.svg') -Y TestLoss, Foo } | Should -Throw "*'Foo' is none of TrainLoss, *"
        { $records | Export-CnnPlot (Join-Path $TestDrive 'y.svg') -X Foo } | Should -Throw "*'Foo' is none of *"
    }

    It 'draws the confusion matrix of an evaluation' {
        $path = Join-Path $TestDrive 'confusion.svg'
        $test = $net | Test-CnnModel -DataPath $tiny
        $test | Export-CnnPlot $path
        $words = Get-Words $path
        'true class', 'predicted class' | ForEach-Object { $words | Should -Contain $_ }
        $numbers = [xml] (Get-Content -Raw $path) | ForEach-Object { $_.GetElementsByTagName('g') } | ForEach-Object { [int] $_.text.InnerText }
        ($numbers | Measure-Object -Sum).Sum | Should -Be 50
        $test, $test | Export-CnnPlot (Join-Path $TestDrive 'two.svg') -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'SeveralEvaluations,*'
    }

    It 'draws a range test' {
        $path = Join-Path $TestDrive 'range.svg'
        $range = Find-CnnLearningRate LeNet5 -Dataset MNIST -DataPath $tiny -Steps 12 -BatchSize 16 -Threads 1
        $range | Export-CnnPlot $path
        $words = Get-Words $path
        'LeNet5 on MNIST: range test', 'Learning rate', 'smoothed', '1e-6' | ForEach-Object { $words | Should -Contain $_ }
        $words -like 'suggestion *' | Should -HaveCount 1
        $range | Export-CnnPlot $path -Force -LogY -Title 'rates'
        Get-Words $path | Should -Contain 'rates'
        $range, $records[0] | Export-CnnPlot (Join-Path $TestDrive 'both.svg') -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'SeveralEvaluations,*'
    }

    It 'replaces a file with -Force only, and writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'kept.svg'
        Set-Content $path 'mine'
        $records | Export-CnnPlot $path -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        $records | Export-CnnPlot $path -Force -WhatIf
        Get-Content $path | Should -Be 'mine'
        $file = $records | Export-CnnPlot $path -Force -PassThru
        $file | Should -BeOfType ([IO.FileInfo])
        Get-Content -Raw $path | Should -BeLike '<?xml*'
        (Get-ChildItem $TestDrive -Force -Filter '*.tmp') | Should -BeNullOrEmpty
    }

    It 'says <Id>' -ForEach @(
        @{ Id = 'NoPlotFormat'; Path = 'x.png'; Rows = { $records }; With = @{} }
        @{ Id = 'FolderNotFound'; Path = 'no/such/x.svg'; Rows = { $records }; With = @{} }
        @{ Id = 'NothingToPlot'; Path = 'x.svg'; Rows = { $records[-1] }; With = @{ Y = 'ValidationLoss' } }
        @{ Id = 'NoLogRow'; Path = 'x.svg'; Rows = { Get-Date }; With = @{} }
        @{ Id = 'NothingToPlot'; Path = 'x.svg'; Rows = { $records | Where-Object Run -EQ 'nobody' }; With = @{} }
        @{ Id = 'CellNotANumber'; Path = 'x.svg'; Rows = { [pscustomobject]@{ Epoch = 1; Step = Get-Date; TrainLoss = 1 } }; With = @{} }
        @{ Id = 'CellNotANumber'; Path = 'x.svg'; Rows = { [pscustomobject]@{ Epoch = 1; Step = 1; TrainLoss = '0,5' } }; With = @{} }
    ) {
        $path = Join-Path $TestDrive $Path
        & $Rows | Export-CnnPlot $path @With -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $path | Should -Not -Exist
    }
}

Describe 'Export-CnnPlot of what is no log' {
    It 'says what was given' {
        1 | Export-CnnPlot (Join-Path $TestDrive 'x.svg') -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure | Should -HaveCount 1
        "$($failure[0])" | Should -BeLike "'1' (Int32) is not of a training's log*"
    }

    It 'draws the good logs of a list, wherever the bad ones stand' {
        $bad = Join-Path $TestDrive 'bad.csv'
        $good = Join-Path $TestDrive 'good.csv'
        Set-Content $bad 'Epoch,Step,TrainLoss', '1,10,2', '2,20,x'
        Set-Content $good 'Epoch,Step,TrainLoss', '1,10,2', '2,20,1'
        foreach ($logs in ($bad, $good, $log), ($good, $log, $bad)) {
            $path = Join-Path $TestDrive 'good.svg'
            Export-CnnPlot $path -CsvPath $logs -Force -ErrorAction SilentlyContinue -ErrorVariable failure
            $failure | Should -HaveCount 1
            "$($failure[0])" | Should -Be "Row 2 of '$bad' has a TrainLoss that is no number: 'x'."
            $words = Get-Words $path
            'good', 'one' | ForEach-Object { $words | Should -Contain $_ }
            $words | Should -Not -Contain 'bad'
        }

        Export-CnnPlot $path -CsvPath $good -IncludeSteps -Force -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
    }
}

Describe 'The trend of the loss' {
    It 'stands in the table and nowhere else' {
        $epochs = $records | Where-Object { $_ -is [CnnTools.Training.EpochRecord] }
        $epochs[1].GetLossTrend($true) | Should -Be "$([char] 0x2588)$([char] 0x2581)"
        $epochs[1].GetLossTrend($false) | Should -Be '#_'
        $epochs | Out-String -Width 120 | Should -Match 'Seconds +LossTrend'
        ($epochs | ConvertTo-Csv)[0] | Should -Not -Match 'Trend'
    }
}
