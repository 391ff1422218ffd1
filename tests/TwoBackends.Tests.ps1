BeforeDiscovery {
    # What ./build.ps1 package has made of the backend that is not in bin/.
    $root = Split-Path $PSScriptRoot
    $wanted = (Test-Path (Join-Path $root 'bin' 'torchsharp')) ? 'LibTorch' : 'TorchSharp'
    $packages = Join-Path $root 'out' ($wanted -eq 'LibTorch' ? '' : 'TorchSharp-*') 'CnnTools' '*' 'CnnTools.psd1'
    $other = Get-Item $packages -ErrorAction Ignore | Sort-Object LastWriteTime | Select-Object -Last 1
    if (-not $other) {
        Write-Warning "Not compared: the two backends. './build.ps1 package -Backend $wanted' makes the other one's module."
    }
}

Describe 'The two backends' -Skip:(-not $other) -ForEach @{ Other = "$other" } {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
        $modules = @{ Own = Join-Path (Split-Path $PSScriptRoot) 'CnnTools.psd1'; Other = $Other }
        $pwsh = Join-Path $PSHOME 'pwsh'
        $nets = 'LeNet5', 'SimpleCnn', 'ImageClassificationOptimised', 'CifarResNet20'
        $data = New-TinyMnist (Join-Path $TestDrive 'tiny')

        # A process has one libtorch: each module works in its own, and leaves its files and results in a folder.
        $script = Join-Path $TestDrive 'work.ps1'
        Set-Content $script {
            param([string] $Module, [string] $Folder, [string] $Data, [string] $Nets, [string] $ResumeFrom)

            $ErrorActionPreference = 'Stop'
            $ProgressPreference = 'SilentlyContinue'
            Import-Module $Module
            $null = New-Item -ItemType Directory -Force $Folder
            $training = @{
                Dataset = 'MNIST'; DataPath = $Data; BatchSize = 20; Threads = 1; Seed = 3
            }
            $results = foreach ($net in $Nets -split ',') {
                $start = Join-Path $Folder "$net-start.safetensors"
                $file = Join-Path $Folder "$net.checkpoint"
                if ($ResumeFrom) {
                    Copy-Item (Join-Path $ResumeFrom "$net.checkpoint") $file
                    $epochs = @(Resume-CnnTraining $file -Epochs 2 -Threads 1 -ModelVariable trained)
                }
                else {
                    $model = New-CnnModel $net -InputShape 1, 28, 28 -Classes 10 -Seed 3
                    $model | Export-CnnModel $start
                    $epochs = @(Start-CnnTraining -Model $net @training -Epochs 1 -CheckpointPath $file -ModelVariable trained)
                }

                $tested = $trained | Test-CnnModel -Dataset MNIST -DataPath $Data
                [pscustomobject]@{
                    Net = $net; Start = (Get-FileHash $start -ErrorAction Ignore).Hash
                    Losses = [double[]]$epochs.TrainLoss; Accuracy = $tested.Accuracy; Loss = $tested.Loss
                }
            }
            [pscustomobject]@{ Backend = (Get-CnnDevice)[0].Backend; Results = $results } | Export-Clixml (Join-Path $Folder 'results.xml')
        }

        function Invoke-Work([string] $Which, [string] $Folder, [string] $ResumeFrom) {
            $folder = Join-Path $TestDrive $Folder
            $with = '-Module', $modules[$Which], '-Folder', $folder, '-Data', $data, '-Nets', ($nets -join ',')
            if ($ResumeFrom) {
                $with += '-ResumeFrom', (Join-Path $TestDrive $ResumeFrom)
            }

            $said = & $pwsh -NoProfile -NonInteractive -File $script @with 2>&1
            $LASTEXITCODE | Should -Be 0 -Because "$said"
            $said | Should -BeNullOrEmpty
            Import-Clixml (Join-Path $folder 'results.xml')
        }

        $own = Invoke-Work Own 'own'
        $foreign = Invoke-Work Other 'other'
    }

    It 'are two' {
        $own.Backend, $foreign.Backend | Sort-Object | Should -Be 'LibTorch', 'TorchSharp'
    }

    It 'give the same initial weights from the same seed, to the byte' {
        $own.Results.Start | Should -HaveCount $nets.Count
        $own.Results.Start | Should -Be $foreign.Results.Start
    }

    It 'have the same losses in the first epoch within 1e-6' {
        for ($i = 0; $i -lt $nets.Count; $i++) {
            $difference = [Math]::Abs($own.Results[$i].Losses[0] / $foreign.Results[$i].Losses[0] - 1)
            $difference | Should -BeLessThan 1e-6 -Because $nets[$i]
        }
    }

    It 'go on with a checkpoint of the other as the other does' {
        # The second epoch, four ways: begun and ended by either.
        $alone = Invoke-Work Own 'own-own' -ResumeFrom 'own'
        $over = Invoke-Work Other 'own-other' -ResumeFrom 'own'
        $back = Invoke-Work Own 'other-own' -ResumeFrom 'other'
        for ($i = 0; $i -lt $nets.Count; $i++) {
            foreach ($way in $over, $back) {
                $way.Results[$i].Losses | Should -HaveCount 1
                $difference = [Math]::Abs($way.Results[$i].Losses[0] / $alone.Results[$i].Losses[0] - 1)
                $difference | Should -BeLessThan 1e-3 -Because $nets[$i]
            }
        }
    }
}
