BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $null = Get-CnnDevice
    $hasBFloat16 = [CnnTools.Engine]::Backend.Supports([CnnTools.Backends.Device]::Cpu, 'BFloat16')
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $tiny = New-TinyMnist (Join-Path $TestDrive 'tiny')
    $fast = @{ Dataset = 'MNIST'; DataPath = $tiny; BatchSize = 20; Epochs = 1; Device = 'cpu' }
}

Describe 'Precision' {
    It 'is float32 unless asked for otherwise, and the record says so' {
        (Start-CnnTraining LeNet5 @fast).Precision | Should -Be 'float32'
        (Start-CnnTraining LeNet5 @fast -Precision Float32).Precision | Should -Be 'float32'
    }

    It 'is refused where the device does not have it, with the way out' {
        Start-CnnTraining LeNet5 @fast -Precision TF32 -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'PrecisionAbsent,*'
        $failure[0].Exception.Message | Should -BeLike 'cpu (*TF32*'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*Float32*CUDA*8.0*'
    }

    It 'completes its names' {
        $line = 'Start-CnnTraining LeNet5 -Precision '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'BFloat16', 'Float32', 'TF32'
    }

    It 'trains in bfloat16, from a plan too, and goes on in it' -Skip:(-not $hasBFloat16) {
        $checkpoint = Join-Path $TestDrive 'bfloat16.safetensors'
        $plan = [pscustomobject] @{ Model = 'LeNet5'; Precision = 'bfloat16'; Deterministic = 'True' }
        $records = @($plan | Start-CnnTraining @fast -CheckpointPath $checkpoint) + @(Resume-CnnTraining $checkpoint -DataPath $tiny -Epochs 2)
        $records.Precision | Should -Be 'bfloat16', 'bfloat16'
        $records[1].TrainLoss | Should -BeLessThan $records[0].TrainLoss
        (Test-CnnModel -Checkpoint $checkpoint -DataPath $tiny).Loss | Should -Be $records[1].TestLoss
        (Resume-CnnTraining $checkpoint -DataPath $tiny -Epochs 3 -Precision Float32).Precision | Should -Be 'float32'
    }

    It 'stands in run.json with -Deterministic' {
        $root = Join-Path $TestDrive 'runs'
        $null = Start-CnnTraining LeNet5 @fast -Deterministic -RunPath $root -RunName a
        $settings = (Get-Content -Raw (Join-Path $root 'a/run.json') | ConvertFrom-Json).Settings
        $settings.Deterministic | Should -BeTrue
        $settings.Precision | Should -Be 'Float32'
    }
}
