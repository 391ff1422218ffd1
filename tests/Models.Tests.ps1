BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
}

Describe 'Get-CnnArchitecture' {
    It 'lists the catalog with its figures' {
        $all = Get-CnnArchitecture
        $all.Name | Should -Contain 'LeNet5'
        ($all | Where-Object Name -EQ 'SimpleCnn').Parameters | Should -Be 220234
        $all[0].PSObject.Properties.Name | Should -Contain 'Family'
        $all[0].PSObject.Properties.Name | Should -Contain 'Paper'
        $all[0].PSObject.Properties.Name | Should -Contain 'Seed'
    }

    It 'takes wildcards, whatever the case' {
        (Get-CnnArchitecture 'imageclass*').Count | Should -Be 2
        Get-CnnArchitecture 'nothing*' | Should -BeNullOrEmpty
    }

    It 'offers near names for an unknown one' {
        Get-CnnArchitecture LeNet -ErrorVariable failure -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'UnknownArchitecture,*'
        $failure[0].Exception.Remedy | Should -BeLike '*LeNet5*'
    }

    It 'pipes into New-CnnModel' {
        $small = Get-CnnArchitecture | Where-Object Parameters -LT 2e6
        $models = $small | New-CnnModel
        $models.Count | Should -Be $small.Count
        $models.Name | Should -Contain 'LeNet5'
    }
}

Describe 'New-CnnModel' {
    It 'makes <Name> with <Parameters> parameters' -ForEach @(
        @{ Name = 'LeNet5'; Shape = '1x32x32'; Parameters = 61706 }
        @{ Name = 'LeNet5'; Shape = '1x28x28'; Parameters = 61706 }
        @{ Name = 'SimpleCnn'; Shape = '1x28x28'; Parameters = 220234 }
        @{ Name = 'ImageClassification'; Shape = '3x32x32'; Parameters = 81302 }
        @{ Name = 'ImageClassificationOptimised'; Shape = '3x32x32'; Parameters = 13693962 }
        @{ Name = 'seed001_simple_cnn'; Shape = '1x28x28'; Parameters = 220234 }
    ) {
        (New-CnnModel $Name -InputShape $Shape).Parameters | Should -Be $Parameters
    }

    It 'shows the agreed properties' {
        $model = New-CnnModel LeNet5 -InputShape 3,48,40 -Classes 7 -Name mine -Seed 3
        $model.Name | Should -Be 'mine'
        $model.Architecture | Should -Be 'LeNet5'
        "$($model.InputShape)" | Should -Be '3x48x40'
        $model.Classes | Should -Be 7
        "$($model.Device)" | Should -Be 'cpu'
        $model.Normalization | Should -BeNullOrEmpty
        $model | Should -BeOfType ([CnnTools.CnnModel])
    }

    It 'names layer, shape and remedy where the shape cannot be' {
        New-CnnModel SimpleCnn -InputShape 1,2,2 -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'ImpossibleShape,*'
        "$($failure[0])" | Should -BeLike "*'pool2'*1x1*"
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*InputShape*'
        $failure[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'refuses what is no shape' {
        { New-CnnModel LeNet5 -InputShape 28,28 } | Should -Throw -ErrorId 'ParameterArgumentTransformationError*'
        { New-CnnModel LeNet5 -InputShape 3 } | Should -Throw '*channels,height,width*'
        { New-CnnModel LeNet5 -Classes 2.5 } | Should -Throw '*whole number*'
        { New-CnnModel LeNet5 -InputShape '1xAx3' } | Should -Throw -ErrorId 'ParameterArgumentTransformationError*'
    }

    It 'goes on with the pipeline after a wrong name' {
        $models = 'LeNet5', 'NoSuchNet', 'SimpleCnn' | New-CnnModel -ErrorAction SilentlyContinue -ErrorVariable failure
        $models.Name | Should -Be 'LeNet5', 'SimpleCnn'
        $failure.Count | Should -Be 1
    }

    It 'gives the same weights for the same seed and others for another' {
        $paths = foreach ($seed in 1, 1, 2) {
            $path = Join-Path $TestDrive "$([guid]::NewGuid()).safetensors"
            New-CnnModel LeNet5 -Seed $seed | Export-CnnModel $path
            $path
        }
        $hashes = ($paths | Get-FileHash).Hash
        $hashes[0] | Should -Be $hashes[1]
        $hashes[0] | Should -Not -Be $hashes[2]
    }
}

Describe 'Export-CnnModel and Import-CnnModel' {
    BeforeAll {
        $file = Join-Path $TestDrive 'net.safetensors'
        $model = New-CnnModel SimpleCnn -Seed 5 -Name label
        $model | Export-CnnModel $file
    }

    It 'brings a whole model back' {
        $read = Import-CnnModel $file
        $read.Name | Should -Be 'label'
        $read.Architecture | Should -Be 'SimpleCnn'
        $read.Parameters | Should -Be 220234
        $again = Join-Path $TestDrive 'again.safetensors'
        $read | Export-CnnModel $again
        (Get-FileHash $again).Hash | Should -Be (Get-FileHash $file).Hash
    }

    It 'emits nothing, and the file with -PassThru' {
        $model | Export-CnnModel (Join-Path $TestDrive 'a.safetensors') | Should -BeNullOrEmpty
        $model | Export-CnnModel (Join-Path $TestDrive 'b.safetensors') -PassThru | Should -BeOfType ([IO.FileInfo])
    }

    It 'replaces a file with -Force only' {
        $before = (Get-FileHash $file).Hash
        New-CnnModel LeNet5 | Export-CnnModel $file -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        (Get-FileHash $file).Hash | Should -Be $before
        $copy = Join-Path $TestDrive 'copy.safetensors'
        Copy-Item $file $copy
        New-CnnModel LeNet5 | Export-CnnModel $copy -Force
        (Import-CnnModel $copy).Architecture | Should -Be 'LeNet5'
    }

    It 'writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'whatif.safetensors'
        $model | Export-CnnModel $path -WhatIf
        $path | Should -Not -Exist
    }

    It 'takes relative paths from the session location' {
        Push-Location $TestDrive
        try {
            $model | Export-CnnModel here.safetensors
            'here.safetensors' | Should -Exist
            (Import-CnnModel ./here.safetensors).Name | Should -Be 'label'
        }
        finally {
            Pop-Location
        }
    }

    It 'takes wildcards, literal paths and files from the pipeline' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'many')
        1..3 | ForEach-Object { $model | Export-CnnModel (Join-Path $folder "m$_.safetensors") }
        $odd = Join-Path $folder 'odd[1].safetensors'
        $model | Export-CnnModel $odd
        (Import-CnnModel (Join-Path $folder 'm*.safetensors')).Count | Should -Be 3
        (Import-CnnModel -LiteralPath $odd).Name | Should -Be 'label'
        (Get-ChildItem $folder | Import-CnnModel).Count | Should -Be 4
    }

    It 'reads weights without a network into the one named' {
        $net = Import-CnnModel $file -Architecture SimpleCnn -Name mine
        $net.Name | Should -Be 'mine'
        Import-CnnModel $file -Architecture LeNet5 -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'Weight*,*'
    }

    It 'says what is wrong with <Case>' -ForEach @(
        @{ Case = 'a missing file'; Bytes = $null; Id = 'FileNotFound' }
        @{ Case = 'an empty file'; Bytes = [byte[]]@(); Id = 'CorruptFile' }
        @{ Case = 'a header beyond the file'; Bytes = [byte[]](255, 255, 255, 0, 0, 0, 0, 0, 123); Id = 'CorruptFile' }
        @{ Case = 'text'; Bytes = [Text.Encoding]::ASCII.GetBytes('this is no model at all'); Id = 'CorruptFile' }
    ) {
        $path = Join-Path $TestDrive 'broken.safetensors'
        Remove-Item $path -ErrorAction Ignore
        if ($null -ne $Bytes) { [IO.File]::WriteAllBytes($path, $Bytes) }
        Import-CnnModel $path -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        "$($failure[0])" | Should -BeLike '*broken.safetensors*'
    }

    It 'refuses a folder that is not there, at once' {
        $model | Export-CnnModel (Join-Path $TestDrive 'no/such/folder/x.safetensors') -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FolderNotFound,*'
    }
}

Describe 'Get-CnnDevice' {
    It 'lists the CPU first' {
        $devices = @(Get-CnnDevice)
        $devices[0].Device | Should -Be 'cpu'
        $devices[0].MemoryBytes | Should -BeGreaterThan 0
        $devices[0].LibraryVersion | Should -Match '^\d+\.\d+'
    }

    It 'says which backend was built' {
        $built = (Test-Path (Join-Path (Get-Module CnnTools).ModuleBase 'bin' 'torchsharp')) ? 'TorchSharp' : 'LibTorch'
        (Get-CnnDevice)[0].Backend | Should -Be $built
    }

    It 'has a table that fits into 80 columns' {
        Get-CnnDevice | Format-Table | Out-String -Width 80 | Should -Not -Match '\.\.\.|…'
    }
}
