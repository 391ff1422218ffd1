# A training that is killed (SIGKILL) again and again and resumed each time ends as one that never was: with files of
# its own, and in a run's folder. Five rounds and three; $env:CNNTOOLS_KILL_ROUNDS = 50 makes them as many.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $manifest = Join-Path (Split-Path $PSScriptRoot) 'CnnTools.psd1'
    $data = New-TinyMnist (Join-Path $TestDrive 'tiny') -Train 20 -Test 10 -Side 56
    $child = Join-Path $TestDrive 'child.ps1'

    # One step an epoch, and a checkpoint of 10 MB.
    function New-Settings([int] $Epochs) {
        @{ Model = 'SimpleCnn'; Dataset = 'MNIST'; DataPath = $data; Epochs = $Epochs; BatchSize = 20; Seed = 5; RunName = 'kill'; Threads = 1 }
    }

    function Set-Child([hashtable] $Settings, [string] $Begin, [string] $GoOn) {
        Set-Content $child @"
            Import-Module '$manifest'
            if (Test-Path '$checkpoint') {
                `$null = Resume-CnnTraining $GoOn -ErrorAction Stop
            }
            else {
                `$settings = ConvertFrom-Json -AsHashtable '$($Settings | ConvertTo-Json -Compress)'
                `$null = Start-CnnTraining @settings $Begin -ErrorAction Stop
            }
"@
    }

    function Start-Child { Start-Process (Join-Path $PSHOME 'pwsh') '-NoProfile', '-NonInteractive', '-File', $child -PassThru }

    function Get-Rows { (Test-Path $csv) ? ([IO.File]::ReadAllText($csv).Split("`n").Count - 2) : 0 }

    # Only what belongs there: no half-written file under a name that counts.
    function Assert-Whole {
        Get-ChildItem $folder -Force | Where-Object Name -NotIn $files | ForEach-Object {
            $_.Name | Should -Match '^\.(log\.csv|run\.json|\w+\.safetensors)\.(lock|\d+-[0-9a-f]{32}\.tmp)$'
        }
        if (Test-Path $csv) {
            $text = [IO.File]::ReadAllText($csv)
            $text | Should -BeLike "*`n"
            $text.TrimEnd("`n").Split("`n") | ForEach-Object { $_.Split(',').Count } | Sort-Object -Unique | Should -Be 21
        }
        Get-ChildItem $folder -Filter *.safetensors | ForEach-Object {
            (Import-CnnModel $_.FullName -ErrorAction Stop).Parameters | Should -Be 822346
        }
    }

    # Every other time while its checkpoint is being written, else anywhere in an epoch.
    function Invoke-Kills([int] $Rounds, [int] $Epochs) {
        $random = [Random]::new(20261121)
        $writing = ".$(Split-Path -Leaf $checkpoint).*.tmp"
        $interrupted = 0
        foreach ($round in 1..$Rounds) {
            $process = Start-Child
            $until = (Get-Rows) + $random.Next(1, [Math]::Max(2, ($Epochs - (Get-Rows)) / ($Rounds - $round + 1)))
            while ((Get-Rows) -lt $until -and -not $process.HasExited) { Start-Sleep -Milliseconds 2 }
            if ($round % 2) { Start-Sleep -Milliseconds $random.Next(0, 60) }
            else { while (-not [IO.Directory]::GetFiles($folder, $writing) -and -not $process.HasExited) { } }
            $process.HasExited | Should -BeFalse
            $process.Kill()
            $process.WaitForExit()
            $interrupted += @(Get-ChildItem $folder -Force -Filter $writing).Count -gt 0
            Assert-Whole
        }

        $process = Start-Child
        $process.WaitForExit()
        $process.ExitCode | Should -Be 0
        Assert-Whole
        (Get-ChildItem $folder -Force).Name | Sort-Object | Should -Be $files
        Write-Host "$Rounds kills, $interrupted of them while a checkpoint was written"
    }

    function Assert-Same($Whole, $Model) {
        $expected = Join-Path $TestDrive 'whole.safetensors'
        $found = Join-Path $TestDrive 'resumed.safetensors'
        $Model | Export-CnnModel $expected -Force
        Import-CnnModel $checkpoint | Export-CnnModel $found -Force
        (Get-FileHash $found).Hash | Should -Be (Get-FileHash $expected).Hash
        $rows = @(Import-Csv $csv)
        [int[]] $rows.Epoch | Should -Be (1..$Whole.Count)
        foreach ($column in 'Step', 'TrainLoss', 'TrainAccuracy', 'ValidationAccuracy', 'TestLoss', 'TestAccuracy') {
            $rows.$column | Should -Be ($Whole.$column | ForEach-Object { $null -eq $_ ? '' : $_.ToString([cultureinfo]::InvariantCulture) })
        }
    }
}

Describe 'A training that is killed' {
    It 'ends as one that was never interrupted, bit for bit' {
        $rounds = [int] ($env:CNNTOOLS_KILL_ROUNDS ? $env:CNNTOOLS_KILL_ROUNDS : 5)
        $settings = New-Settings (12 * $rounds)
        $whole = @(Start-CnnTraining @settings -ModelVariable net)
        $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'killed')).FullName
        $files = 'log.csv', 'training.safetensors'
        $csv, $checkpoint = $files | ForEach-Object { Join-Path $folder $_ }
        Set-Child $settings "-CsvPath '$csv' -CheckpointPath '$checkpoint' -Force" "'$checkpoint' -DataPath '$data' -CsvPath '$csv'"

        Invoke-Kills $rounds $settings.Epochs

        Assert-Same $whole $net
    }

    It 'in its run folder, with the best epoch and all' {
        $rounds = [int] ($env:CNNTOOLS_KILL_ROUNDS ? $env:CNNTOOLS_KILL_ROUNDS : 3)
        $settings = New-Settings (12 * $rounds)
        $settings += @{ ValidationSplit = 0.5; LearningRate = 0.0002 }
        $whole = @(Start-CnnTraining @settings -ModelVariable net)
        $root = Join-Path $TestDrive 'runs'
        $folder = Join-Path $root 'kill'
        $files = 'best.safetensors', 'last.safetensors', 'log.csv', 'run.json'
        $csv = Join-Path $folder 'log.csv'
        $checkpoint = Join-Path $folder 'last.safetensors'
        Set-Child $settings "-RunPath '$root'" "-RunPath '$folder'"

        Invoke-Kills $rounds $settings.Epochs

        Assert-Same $whole $net
        $run = Get-CnnRun $root
        $run.State | Should -Be 'Finished'
        $best = $whole | Sort-Object @{ e = 'ValidationAccuracy'; Descending = $true }, Epoch | Select-Object -First 1
        $run.BestEpoch | Should -Be $best.Epoch
        (Test-CnnModel -Checkpoint $run.BestCheckpoint -DataPath $data).Loss | Should -Be $best.TestLoss
    }
}
