# A training that is killed (SIGKILL) again and again and resumed each time ends as one that never was. Five rounds;
# $env:CNNTOOLS_KILL_ROUNDS = 50 makes them as many.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $rounds = [int] ($env:CNNTOOLS_KILL_ROUNDS ? $env:CNNTOOLS_KILL_ROUNDS : 5)
    $epochs = 12 * $rounds
    $data = New-TinyMnist (Join-Path $TestDrive 'tiny') -Train 20 -Test 10 -Side 56
    $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'killed')).FullName
    $csv = Join-Path $folder 'log.csv'
    $checkpoint = Join-Path $folder 'training.safetensors'

    # One step an epoch, and a checkpoint of 10 MB.
    $settings = @{ Model = 'SimpleCnn'; Dataset = 'MNIST'; DataPath = $data; Epochs = $epochs; BatchSize = 20; Seed = 5; RunName = 'kill'; Threads = 1 }
    $child = Join-Path $TestDrive 'child.ps1'
    Set-Content $child @"
        Import-Module '$(Join-Path (Split-Path $PSScriptRoot) CnnTools.psd1)'
        if (Test-Path '$checkpoint') {
            `$null = Resume-CnnTraining '$checkpoint' -DataPath '$data' -CsvPath '$csv' -ErrorAction Stop
        }
        else {
            `$settings = ConvertFrom-Json -AsHashtable '$($settings | ConvertTo-Json -Compress)'
            `$null = Start-CnnTraining @settings -CsvPath '$csv' -CheckpointPath '$checkpoint' -Force -ErrorAction Stop
        }
"@

    function Start-Child { Start-Process (Join-Path $PSHOME 'pwsh') '-NoProfile', '-NonInteractive', '-File', $child -PassThru }

    function Get-Rows { (Test-Path $csv) ? ([IO.File]::ReadAllText($csv).Split("`n").Count - 2) : 0 }

    # Only what belongs there: no half-written file under a name that counts.
    function Assert-Whole {
        Get-ChildItem $folder -Force | Where-Object FullName -NotIn $csv, $checkpoint | ForEach-Object {
            $_.Name | Should -Match '^\.(log\.csv|training\.safetensors)\.(lock|\d+-[0-9a-f]{32}\.tmp)$'
        }
        if (Test-Path $csv) {
            $text = [IO.File]::ReadAllText($csv)
            $text | Should -BeLike "*`n"
            $text.TrimEnd("`n").Split("`n") | ForEach-Object { $_.Split(',').Count } | Sort-Object -Unique | Should -Be 21
        }
        if (Test-Path $checkpoint) {
            (Import-CnnModel $checkpoint -ErrorAction Stop).Parameters | Should -Be 822346
        }
    }
}

Describe 'A training that is killed' {
    It 'ends as one that was never interrupted, bit for bit' {
        $whole = @(Start-CnnTraining @settings -ModelVariable net)
        $random = [Random]::new(20261121)
        $interrupted = 0
        foreach ($round in 1..$rounds) {
            $process = Start-Child
            # So many epochs on, and then anywhere in one; every other time while its checkpoint is being written.
            $until = (Get-Rows) + $random.Next(1, [Math]::Max(2, ($epochs - (Get-Rows)) / ($rounds - $round + 1)))
            while ((Get-Rows) -lt $until -and -not $process.HasExited) { Start-Sleep -Milliseconds 2 }
            if ($round % 2) { Start-Sleep -Milliseconds $random.Next(0, 60) }
            else { while (-not [IO.Directory]::GetFiles($folder, '.training.safetensors.*.tmp') -and -not $process.HasExited) { } }
            $process.HasExited | Should -BeFalse
            $process.Kill()
            $process.WaitForExit()
            $interrupted += @(Get-ChildItem $folder -Force -Filter '.training.safetensors.*.tmp').Count -gt 0
            Assert-Whole
        }

        $process = Start-Child
        $process.WaitForExit()
        $process.ExitCode | Should -Be 0
        Assert-Whole
        Get-ChildItem $folder -Force | ForEach-Object Name | Sort-Object | Should -Be 'log.csv', 'training.safetensors'
        Write-Host "$rounds kills, $interrupted of them while a checkpoint was written"

        $expected = Join-Path $TestDrive 'whole.safetensors'
        $found = Join-Path $TestDrive 'resumed.safetensors'
        $net | Export-CnnModel $expected
        Import-CnnModel $checkpoint | Export-CnnModel $found
        (Get-FileHash $found).Hash | Should -Be (Get-FileHash $expected).Hash
        $rows = @(Import-Csv $csv)
        [int[]] $rows.Epoch | Should -Be (1..$epochs)
        foreach ($column in 'Step', 'TrainLoss', 'TrainAccuracy', 'TestLoss', 'TestAccuracy') {
            $rows.$column | Should -Be ($whole.$column | ForEach-Object { $_.ToString([cultureinfo]::InvariantCulture) })
        }
    }
}
