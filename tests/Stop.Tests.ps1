BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $manifest = Join-Path (Split-Path $PSScriptRoot) 'CnnTools.psd1'
    $pwsh = Join-Path $PSHOME 'pwsh'
    $tiny = New-TinyMnist (Join-Path $TestDrive 'tiny')

    function New-EndlessTraining([string] $Name) {
        $log = Join-Path $TestDrive "$Name.csv"
        $checkpoint = Join-Path $TestDrive "$Name.safetensors"
        $line = "Import-Module '$manifest'; Start-CnnTraining LeNet5 -Dataset MNIST -DataPath '$tiny' -BatchSize 20 -Epochs 1000000 -RunName x -CsvPath '$log' -CheckpointPath '$checkpoint'"
        @{ Line = $line; Log = $log; Checkpoint = $checkpoint }
    }

    function Wait-ForRows([string] $Log, [int] $Rows) {
        for ($i = 0; $i -lt 600 -and @(Get-Content $Log -ErrorAction Ignore).Count -le $Rows; $i++) { Start-Sleep -Milliseconds 50 }
        @(Get-Content $Log).Count | Should -BeGreaterThan $Rows
    }

    # The log is whole, the checkpoint is a model, and both tell of the same step or the checkpoint of a later one.
    function Assert-GoodEnd($Training) {
        $rows = @(Import-Csv $Training.Log)
        $rows.Epoch | Should -Be (1..$rows.Count)
        $rows[-1].Checkpoint | Should -Be $Training.Checkpoint
        $next = Resume-CnnTraining $Training.Checkpoint -DataPath $tiny -Epochs ($rows.Count + 1) -CsvPath $Training.Log
        @($next)[-1].Epoch | Should -Be ($rows.Count + 1)
        (Import-Csv $Training.Log).Epoch | Should -Be (1..($rows.Count + 1))
        Get-ChildItem $TestDrive -Force -Filter '.*.tmp' | Should -BeNullOrEmpty
    }
}

Describe 'Stopping' {
    It 'ends after the step at SIGTERM' {
        $training = New-EndlessTraining 'term'
        $process = Start-Process $pwsh -ArgumentList '-NoProfile', '-NonInteractive', '-Command', "& { $($training.Line) }" -PassThru -RedirectStandardOutput (Join-Path $TestDrive 'term.out')
        Wait-ForRows $training.Log 3
        & kill -TERM $process.Id
        $process.WaitForExit(30000) | Should -BeTrue
        Assert-GoodEnd $training
    }

    It 'is no failure of a run, whatever the training is at' {
        $root = Join-Path $TestDrive 'stopped'
        1..6 | ForEach-Object {
            $shell = [powershell]::Create()
            $null = $shell.AddScript("Import-Module '$manifest'; Start-CnnTraining LeNet5 -Dataset MNIST -DataPath '$tiny' -BatchSize 20 -Epochs 1000000 -RunPath '$root' -RunName r$_")
            $null = $shell.BeginInvoke()
            Wait-ForRows (Join-Path $root "r$_/log.csv") 1
            Start-Sleep -Milliseconds (40 * $_)
            $shell.Stop()
            $shell.Dispose()
        }
        (Get-CnnRun $root).State | Sort-Object -Unique | Should -Be 'Stopped'
    }

    It 'ends a job after the step when the process exits' {
        $training = New-EndlessTraining 'exit'
        & $pwsh -NoProfile -NonInteractive -Command "$($training.Line) -AsJob | Out-Null
            while (@(Get-Content '$($training.Log)' -ErrorAction Ignore).Count -le 3) { Start-Sleep -Milliseconds 20 }"
        Assert-GoodEnd $training
    }

    It 'ends after the step at Ctrl+C in a terminal, and the prompt is back' -Skip:(-not (Get-Command tmux -ErrorAction Ignore)) {
        $training = New-EndlessTraining 'ctrlc'
        $script = Join-Path $TestDrive 'ctrlc.ps1'
        Set-Content $script $training.Line
        $session = "cnntools-$PID"
        tmux new-session -d -s $session -x 200 -y 40 "'$pwsh' -NoProfile -NoLogo"
        try {
            Start-Sleep 2
            tmux send-keys -t $session ". '$script'" Enter
            Wait-ForRows $training.Log 3
            tmux send-keys -t $session C-c
            Start-Sleep 1
            $mark = Join-Path $TestDrive 'prompt.txt'
            tmux send-keys -t $session "'back' > '$mark'" Enter
            for ($i = 0; $i -lt 200 -and -not (Test-Path $mark); $i++) { Start-Sleep -Milliseconds 50 }
            $mark | Should -Exist
        }
        finally {
            tmux kill-session -t $session
        }
        Assert-GoodEnd $training
    }
}
