# A disk that is full and a folder that cannot be written, made with mount; elsewhere than on Linux as root these are
# skipped.

BeforeDiscovery {
    $probe = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "cnntools-mount-$PID")).FullName
    $mounts = $IsLinux -and (id -u) -eq 0 -and $(mount -t tmpfs -o size=64k cnntools $probe 2>$null; $LASTEXITCODE -eq 0)
    if ($mounts) { umount $probe }
    Remove-Item $probe
    if (-not $mounts) { Write-Warning 'Not run: tests of a full disk. They mount a small tmpfs, which wants root on Linux.' }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $fast = @{ Dataset = 'MNIST'; DataPath = New-TinyMnist (Join-Path $TestDrive 'tiny') -Train 40 -Test 20; BatchSize = 20 }
    $disk = Join-Path $TestDrive 'disk'

    # A LeNet5 with Adam's state is a checkpoint of 750 kB.
    function Mount-Disk([int] $KiloBytes) {
        $null = New-Item -ItemType Directory -Force $disk
        mount -t tmpfs -o "size=${KiloBytes}k" cnntools $disk
        $LASTEXITCODE | Should -Be 0
    }
}

Describe 'A disk' -Skip:(-not $mounts) {
    AfterEach {
        umount $disk
    }

    It 'that fills up under the log: the training stops, the log ends in a whole row' {
        Mount-Disk 8
        $csv = Join-Path $disk 'log.csv'
        $checkpoint = Join-Path $TestDrive 'beside.safetensors'
        $model = New-CnnModel LeNet5
        $records = @($model | Start-CnnTraining @fast -Epochs 10000 -CsvPath $csv -CheckpointPath $checkpoint -RunName ('long' * 40) -ErrorAction SilentlyContinue -ErrorVariable failure)

        $failure[0].FullyQualifiedErrorId | Should -BeLike 'CannotWrite,*'
        $failure[0].CategoryInfo.Category | Should -Be 'WriteError'
        "$($failure[0])" | Should -BeLike '*log.csv*space*'
        $text = [IO.File]::ReadAllText($csv)
        $text | Should -BeLike "*`n"
        $rows = @(Import-Csv $csv)
        $rows.Count | Should -Be $records.Count
        $rows[-1].Checkpoint | Should -Be $checkpoint
        ($model | Test-CnnModel @fast -Split Test).Images | Should -Be 20
        (Import-CnnModel $checkpoint).Parameters | Should -Be 61706

        # With room again it goes on where it stood.
        mount -o remount,size=64k $disk
        $next = Resume-CnnTraining $checkpoint -DataPath $fast.DataPath -CsvPath $csv -ErrorAction SilentlyContinue | Select-Object -First 1
        $next.Epoch | Should -BeGreaterThan ($records.Count)
    }

    It 'that is too small for a checkpoint: error, no half file, the model is of use' {
        Mount-Disk 300
        $model = New-CnnModel LeNet5
        $model | Start-CnnTraining @fast -Epochs 5 -CheckpointPath (Join-Path $disk 'a.safetensors') -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty

        $failure[0].FullyQualifiedErrorId | Should -BeLike 'CannotWrite,*'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*space*'
        Get-ChildItem $disk -Force | Should -BeNullOrEmpty
        ($model | Start-CnnTraining @fast -Epochs 1).Step | Should -Be 2
    }

    It 'that holds one checkpoint and not the next: the former one stays' {
        Mount-Disk 1200
        $checkpoint = Join-Path $disk 'a.safetensors'
        $first = Start-CnnTraining LeNet5 @fast -Epochs 5 -CheckpointPath $checkpoint -ModelVariable net -ErrorAction SilentlyContinue -ErrorVariable failure

        $failure[0].FullyQualifiedErrorId | Should -BeLike 'CannotWrite,*'
        (Get-ChildItem $disk -Force).Name | Should -Be 'a.safetensors'
        (Test-CnnModel -Checkpoint $checkpoint -Dataset MNIST -DataPath $fast.DataPath).Loss | Should -Be $first.TestLoss
        ($net | Test-CnnModel -Dataset MNIST -DataPath $fast.DataPath).Images | Should -Be 20
    }

    It 'that is read-only: refused before any work, what is there stays' {
        Mount-Disk 4096
        $csv = Join-Path $disk 'log.csv'
        $checkpoint = Join-Path $disk 'a.safetensors'
        $null = Start-CnnTraining LeNet5 @fast -Epochs 1 -CsvPath $csv -CheckpointPath $checkpoint
        $before = (Get-FileHash $csv, $checkpoint).Hash
        mount -o remount,ro $disk

        foreach ($files in @{ CsvPath = $csv; Force = $true }, @{ CsvPath = $csv; Append = $true }, @{ CsvPath = Join-Path $disk 'new.csv' },
            @{ CheckpointPath = $checkpoint; Force = $true }) {
            Start-CnnTraining LeNet5 @fast -Epochs 100000 @files -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'CannotWrite,*'
            $failure[0].CategoryInfo.Category | Should -Be 'WriteError'
        }
        New-CnnModel LeNet5 | Export-CnnModel $checkpoint -Force -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'CannotWrite,*'
        (Get-FileHash $csv, $checkpoint).Hash | Should -Be $before
        (Import-CnnModel $checkpoint).Parameters | Should -Be 61706
    }
}
