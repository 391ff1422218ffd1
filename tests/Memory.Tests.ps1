BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
}

Describe 'Memory that is not there' {
    It 'refuses <Case> before any is taken' -ForEach @(
        @{ Case = 'images beyond a tensor'; Shape = '3x40000x40000'; Name = 'ImageClassification'; Id = 'InvalidGraph' }
        @{ Case = 'weights beyond a tensor'; Shape = '3x20000x20000'; Name = 'ImageClassification'; Id = 'ImpossibleShape' }
        @{ Case = 'classes beyond a tensor'; Shape = '1x28x28'; Name = 'SimpleCnn'; Classes = 2000000000; Id = 'ImpossibleShape' }
    ) {
        $more = $Classes ? @{ Classes = $Classes } : @{}
        New-CnnModel $Name -InputShape $Shape @more -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    # The child's address space is limited once all libraries are loaded; a limit from the start would keep .NET out.
    It 'survives a real allocation failure with an error record' -Skip:(-not (Get-Command prlimit -ErrorAction Ignore)) {
        $lines = & (Join-Path $PSHOME 'pwsh') -NoProfile -NonInteractive -Command @"
            Import-Module '$(Join-Path $PSScriptRoot Shared.psm1)'
            `$fast = @{ Dataset = 'MNIST'; DataPath = New-TinyMnist '$(Join-Path $TestDrive tiny)'; Epochs = 1 }
            `$null = Start-CnnTraining LeNet5 @fast
            `$used = [long] ((Select-String ^VmSize /proc/self/status).Line -replace '\D') * 1024
            prlimit --pid `$PID "--as=`$(`$used + 200MB)"
            Start-CnnTraining SimpleCnn -Epochs 1 -BatchSize 6000 -ErrorAction SilentlyContinue -ErrorVariable failure
            `$failure[0].FullyQualifiedErrorId, "`$(`$failure[0].CategoryInfo.Category)", `$failure[0].ErrorDetails.RecommendedAction
            (Start-CnnTraining LeNet5 @fast).Step
"@
        $lines[0] | Should -BeLike 'OutOfMemory,*'
        $lines[1] | Should -Be 'ResourceUnavailable'
        $lines[2] | Should -BeLike '*-BatchSize*'
        $lines[3] | Should -Be '4'
    }

    It 'tells of each image that has none, and goes on' {
        $env:DOTNET_GCHeapHardLimit = '0x12000000'
        try {
            $lines = & (Join-Path $PSHOME 'pwsh') -NoProfile -NonInteractive -Command @"
                Import-Module '$(Join-Path (Split-Path $PSScriptRoot) CnnTools.psd1)'
                `$null = 'Red', 'Blue' | New-CnnImage 16384 -ErrorAction SilentlyContinue -ErrorVariable failure
                New-CnnImage 10000 -Grayscale | Invoke-Pooling Max 2 -ErrorAction SilentlyContinue -ErrorVariable +failure
                `$failure.FullyQualifiedErrorId
"@
        }
        finally {
            Remove-Item Env:DOTNET_GCHeapHardLimit
        }
        $lines.ForEach{ $_.Split(',')[0] } | Should -Be 'OutOfMemory', 'OutOfMemory', 'OperationTooLarge'
    }
}
