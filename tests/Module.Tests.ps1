BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $commands = (Get-Command -Module CnnTools).Name
}

BeforeAll {
    $manifest = Join-Path (Split-Path $PSScriptRoot) 'CnnTools.psd1'

    $loadsLibTorch = '[bool] ((Get-Process -Id $PID).Modules.ModuleName -match "torch_cpu")'

    # What holds for a fresh session is asked in one.
    function Invoke-Fresh([string] $Script) {
        & (Join-Path $PSHOME 'pwsh') -NoProfile -NonInteractive -Command "Import-Module '$manifest'; $Script"
    }
}

Describe 'The module' {
    It 'has a valid manifest that exports what it says' {
        $module = Test-ModuleManifest $manifest
        $module.Version | Should -Be '0.1.0'
        (Get-Command -Module CnnTools).Name | Sort-Object | Should -Be ($module.ExportedCmdlets.Keys | Sort-Object)
    }

    It 'imports without loading libtorch or CsvHelper' {
        Invoke-Fresh $loadsLibTorch | Should -Be 'False'
        Invoke-Fresh "`$null = Get-CnnDevice; $loadsLibTorch" | Should -Be 'True'
        Invoke-Fresh '[bool] ([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq "CsvHelper" })' | Should -Be 'False'
    }

    It 'keeps libraries of others out of the default load context, even once they are used' {
        $tiny = New-TinyMnist (Join-Path $TestDrive 'tiny') -Train 20 -Test 10
        $csv = Join-Path $TestDrive 'log.csv'
        $image = Join-Path $TestDrive 'red.png'
        $foreign = 'CsvHelper|TorchSharp|Google.Protobuf|ICSharpCode.SharpZipLib|SixLabors.ImageSharp'
        Invoke-Fresh "`$null = Start-CnnTraining LeNet5 -Dataset MNIST -DataPath '$tiny' -Epochs 1 -CsvPath '$csv'
            New-CnnImage 4 Red | Export-CnnImage '$image'
            @([Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | Where-Object { `$_.GetName().Name -match '^($foreign)$' }).Count" | Should -Be '0'
        $csv, $image | Should -Exist
    }

    It 'writes nothing of its own to the console' {
        Invoke-Fresh '$null = New-CnnModel LeNet5; "done"' | Should -Be 'done'
    }

    It 'can be removed and imported again' {
        Invoke-Fresh "Remove-Module CnnTools; Import-Module '$manifest'; (Get-CnnArchitecture LeNet5).Name" | Should -Be 'LeNet5'
    }

    It 'stops running jobs when it is removed' {
        Invoke-Fresh '$job = Start-CnnTraining LeNet5 -Epochs 1000000 -AsJob; Remove-Module CnnTools; "$($job.State)"' | Should -Be 'Stopped'
    }
}

Describe 'Help of <_>' -ForEach $commands {
    BeforeAll {
        $command = $_
        $help = Get-Help $command -Full
    }

    It 'has a synopsis, a description and examples' {
        $help.Synopsis | Should -Not -BeLike "*$command [[]*"
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.description.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 0
    }

    It 'describes every parameter' {
        $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
        foreach ($name in (Get-Command $command).Parameters.Keys | Where-Object { $_ -notin $common }) {
            $parameter = $help.parameters.parameter | Where-Object name -EQ $name
            ($parameter.description.Text -join '') | Should -Not -BeNullOrEmpty -Because "-$name needs words"
        }
    }

    It 'declares its output' {
        (Get-Command $command).OutputType | Should -Not -BeNullOrEmpty
    }
}

Describe 'Completion' {
    It 'completes <Line>' -ForEach @(
        @{ Line = 'New-CnnModel LeN'; Expected = 'LeNet5' }
        @{ Line = 'Start-CnnTraining -Model Simple'; Expected = 'SimpleCnn' }
        @{ Line = 'Start-CnnTraining LeNet5 -Dataset mni'; Expected = 'MNIST' }
        @{ Line = 'Start-CnnTraining LeNet5 -Device a'; Expected = 'auto' }
        @{ Line = 'Start-CnnTraining LeNet5 -Optimizer adamw'; Expected = 'AdamW' }
        @{ Line = 'Start-CnnTraining LeNet5 -Normalize No'; Expected = 'None' }
        @{ Line = 'Import-CnnModel x -Architecture Image'; Expected = 'ImageClassification' }
        @{ Line = 'Test-CnnModel LeNet5 -Dataset Sy'; Expected = 'SynthDigits' }
        @{ Line = 'Get-CnnArchitecture Le'; Expected = 'LeNet5' }
        @{ Line = 'Get-CnnLayer Simple'; Expected = 'SimpleCnn' }
        @{ Line = 'Get-CnnLayer ResNet18 -Name layer2.0.d'; Expected = 'layer2.0.downsample.0' }
        @{ Line = 'Measure-CnnModel LeN'; Expected = 'LeNet5' }
        @{ Line = 'Measure-CnnModel LeNet5 -Device a'; Expected = 'auto' }
        @{ Line = 'Export-CnnGraph Dense'; Expected = 'DenseNet121' }
        @{ Line = 'Export-CnnGraph LeNet5 x -Format S'; Expected = 'Svg' }
        @{ Line = 'New-CnnImage 4 Whi'; Expected = 'White' }
        @{ Line = 'Export-CnnPlot x.svg -Y TrainL'; Expected = 'TrainLoss' }
        @{ Line = 'Export-CnnPlot x.svg -X Sec'; Expected = 'Seconds' }
        @{ Line = 'Invoke-CnnModel x -Device a'; Expected = 'auto' }
    ) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText | Should -Contain $Expected
    }

    It 'does not load libtorch' {
        Invoke-Fresh "`$null = TabExpansion2 'Start-CnnTraining LeNet5 -Device ' 33; $loadsLibTorch" | Should -Be 'False'
    }
}

Describe 'Views' {
    It 'shows <Type> as a table' -ForEach @(
        @{ Type = 'CnnTools.CnnModel' }, @{ Type = 'CnnTools.Training.EpochRecord' }, @{ Type = 'CnnTools.Training.StepRecord' }
        @{ Type = 'CnnTools.Training.Evaluation' }, @{ Type = 'CnnTools.Training.ClassFigures' }, @{ Type = 'CnnTools.Zoo.Architecture' }
        @{ Type = 'CnnTools.PowerShell.Commands.CnnDevice' }, @{ Type = 'CnnTools.Graphs.LayerRecord' }
        @{ Type = 'CnnTools.Training.ModelMeasurement' }, @{ Type = 'CnnTools.Images.CnnImage' }, @{ Type = 'CnnTools.Predictions.Prediction' }
        @{ Type = 'CnnTools.Runs.CnnRun' }, @{ Type = 'CnnTools.Runs.RunMeasure' }, @{ Type = 'CnnTools.Runs.RunGroupMeasure' }
    ) {
        (Get-FormatData $Type).FormatViewDefinition.Control | Should -BeOfType ([System.Management.Automation.TableControl])
    }

    It 'shows a model in one row' {
        New-CnnModel LeNet5 | Out-String | Should -Match 'LeNet5\s+LeNet5\s+1x28x28\s+10\s+61.706\s+cpu'
    }
}
