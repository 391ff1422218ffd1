BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $pth = Join-Path $TestDrive 'net.pth'
    $net = New-CnnModel LeNet5 -Seed 1
    $net | Export-CnnModel $pth

    # A weight's values, as a safetensors file of the model holds them.
    function Get-WeightText([CnnTools.CnnModel] $Model, [string] $Layer) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).safetensors"
        $Model | Export-CnnModel $file
        $opened = [CnnTools.Weights.SafetensorsFile]::Open($file)
        try { $opened.Find($Layer).ReadFloats() -join ' ' } finally { $opened.Dispose() }
    }
}

Describe 'Files of PyTorch' {
    It 'are written for .pth and .pt, and with -Format whatever the name' {
        foreach ($case in @{ Path = 'a.pt' }, @{ Path = 'b.any'; Format = 'PyTorch' }) {
            $file = Join-Path $TestDrive $case.Path
            $with = $case.Clone()
            $with.Path = $file
            $net | Export-CnnModel @with
            [Text.Encoding]::ASCII.GetString([IO.File]::ReadAllBytes($file), 0, 2) | Should -Be 'PK'
        }
        $file = Join-Path $TestDrive 'whole.pth'
        $net | Export-CnnModel $file -Format Safetensors
        (Import-CnnModel $file).Architecture | Should -Be 'LeNet5'
        { $net | Export-CnnModel $file -Format Onyx } | Should -Throw '*Safetensors*PyTorch*'
    }

    It 'come back with -Architecture, whatever they are called' {
        $copy = Join-Path $TestDrive 'renamed.safetensors'
        Copy-Item $pth $copy
        foreach ($file in $pth, $copy) {
            $read = Import-CnnModel $file -Architecture LeNet5
            Get-WeightText $read 'fc2.weight' | Should -Be (Get-WeightText $net 'fc2.weight')
        }
        Import-CnnModel $pth -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NoNetworkInFile,*'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Architecture*'
    }

    It 'of another network are refused with all that differs' {
        Import-CnnModel $pth -Architecture LeNet5 -Classes 4 -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'WeightsDoNotFit,*'
        "$($failure[0])" | Should -BeLike '*2 of other sizes (fc3.weight: 10x84*fc3.bias*'
    }

    It 'run nothing, and what they ask for is named' {
        $marker = Join-Path $TestDrive 'marker'
        $hostile = Join-Path $TestDrive 'hostile.pth'
        $command = "touch $marker"
        $program = [byte[]]@(0x80, 2) + [Text.Encoding]::ASCII.GetBytes("cos`nsystem`n(X") +
            [BitConverter]::GetBytes($command.Length) + [Text.Encoding]::ASCII.GetBytes("${command}tR.")
        $archive = [IO.Compression.ZipFile]::Open($hostile, 'Create')
        $stream = $archive.CreateEntry('a/data.pkl', 'NoCompression').Open()
        $stream.Write($program, 0, $program.Length)
        $stream.Dispose()
        $archive.Dispose()
        $ErrorActionPreference = 'Continue'
        foreach ($try in { Import-CnnModel $hostile -Architecture LeNet5 }, { New-CnnModel LeNet5 -Weights $hostile }, { Import-CnnModel $hostile }) {
            & $try 2>&1 | Out-String | Should -BeLike '*os.system*'
        }
        $marker | Should -Not -Exist
    }
}

Describe 'New-CnnModel -Weights' {
    It 'takes what fits and warns of what stays fresh' {
        $model = New-CnnModel LeNet5 -Classes 4 -Weights $pth -WarningVariable warning -WarningAction SilentlyContinue
        "$warning" | Should -BeLike '*8 weights*2 stay fresh (fc3.weight, fc3.bias)*'
        Get-WeightText $model 'conv1.weight' | Should -Be (Get-WeightText $net 'conv1.weight')
        $model.Classes | Should -Be 4
    }

    It 'is silent where all fits, and takes files of ours' {
        $file = Join-Path $TestDrive 'net.safetensors'
        $net | Export-CnnModel $file
        $model = New-CnnModel LeNet5 -Weights $file -WarningVariable warning
        $warning | Should -BeNullOrEmpty
        Get-WeightText $model 'fc3.bias' | Should -Be (Get-WeightText $net 'fc3.bias')
    }

    It 'is an error where nothing fits or nothing is there' {
        New-CnnModel SqueezeNet1_1 -Weights $pth -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'WeightsDoNotFit,*'
        New-CnnModel LeNet5 -Weights (Join-Path $TestDrive 'no.pth') -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
    }
}

Describe 'New-CnnModel -Freeze' {
    BeforeAll {
        $data = @{ Dataset = 'MNIST'; DataPath = New-TinyMnist (Join-Path $TestDrive 'mnist') }
    }

    It 'keeps layers through training, checkpoints and files' {
        $checkpoint = Join-Path $TestDrive 'last.safetensors'
        $model = New-CnnModel LeNet5 -Seed 2 -Freeze CONV*, fc1.weight
        $model.Frozen | Sort-Object | Should -Be 'conv1.bias', 'conv1.weight', 'conv2.bias', 'conv2.weight', 'fc1.weight'
        $before = 'conv2.weight', 'fc1.weight', 'fc1.bias', 'fc3.weight' | ForEach-Object { Get-WeightText $model $_ }
        $model | Start-CnnTraining @data -Epochs 1 -CheckpointPath $checkpoint | Should -Not -BeNullOrEmpty
        Resume-CnnTraining $checkpoint -DataPath $data.DataPath -Epochs 2 -ModelVariable resumed | Should -Not -BeNullOrEmpty
        foreach ($trained in $model, $resumed) {
            $after = 'conv2.weight', 'fc1.weight', 'fc1.bias', 'fc3.weight' | ForEach-Object { Get-WeightText $trained $_ }
            $after[0..1] | Should -Be $before[0..1]
            $after[2] | Should -Not -Be $before[2]
            $after[3] | Should -Not -Be $before[3]
        }
        (Import-CnnModel $checkpoint).Frozen.Count | Should -Be 5
    }

    It 'offers near names for a pattern that means nothing' {
        New-CnnModel LeNet5 -Freeze conv3 -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NothingToFreeze,*'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*conv1*'
    }

    It 'leaves something to train' {
        New-CnnModel LeNet5 -Freeze * -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NothingToTrain,*'
    }
}
