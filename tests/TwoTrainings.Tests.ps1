BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $fast = @{ Dataset = 'MNIST'; DataPath = New-TinyMnist (Join-Path $TestDrive 'tiny'); BatchSize = 20; Threads = 1 }
    # With dropout and without; both of about as long.
    $first = @{ Model = 'ImageClassificationOptimised'; Epochs = 2; Seed = 3; Optimizer = 'SGD'; Momentum = 0.9 } + $fast
    $second = @{ Model = 'SimpleCnn'; Epochs = 20; Seed = 4 } + $fast

    # What is the same each time, and the weights.
    function Get-Outcome($Records, $Model) {
        $path = Join-Path $TestDrive "$([guid]::NewGuid()).safetensors"
        $Model | Export-CnnModel $path
        $Records | ForEach-Object { $_.TrainLoss, $_.TrainAccuracy, $_.TestLoss, $_.TestAccuracy -join ' ' }
        (Get-FileHash $path).Hash
    }
}

Describe 'Two trainings at once in one process' {
    It 'give the same bits as each alone' {
        $records = @(Start-CnnTraining @first -ModelVariable net)
        $firstAlone = Get-Outcome $records $net
        $records = @(Start-CnnTraining @second -ModelVariable net)
        $secondAlone = Get-Outcome $records $net

        $jobs = @(Start-CnnTraining @first -AsJob -ModelVariable one; Start-CnnTraining @second -AsJob -ModelVariable two)
        $null = $jobs | Wait-Job -Timeout 120
        $jobs.State | Should -Be 'Completed', 'Completed'
        $overlap = [Math]::Min($jobs[0].PSEndTime.Ticks, $jobs[1].PSEndTime.Ticks) - [Math]::Max($jobs[0].PSBeginTime.Ticks, $jobs[1].PSBeginTime.Ticks)
        $overlap | Should -BeGreaterThan 0

        Get-Outcome ($jobs[0] | Receive-Job) $one | Should -Be $firstAlone
        Get-Outcome ($jobs[1] | Receive-Job) $two | Should -Be $secondAlone
        $jobs | Remove-Job
    }
}
