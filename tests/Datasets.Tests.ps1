BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force

    # Two classes that are easy to tell apart, in images of one size.
    function New-ColourFolder([string] $Path, [int] $Count = 10, [int] $Side = 8) {
        foreach ($name in 'dark', 'light') {
            $null = New-Item -ItemType Directory -Force (Join-Path $Path $name)
            foreach ($i in 1..$Count) {
                $value = ($name -eq 'dark' ? 20 : 200) + $i
                New-CnnImage $Side $value | Export-CnnImage (Join-Path $Path $name "$i.png")
            }
        }
    }

    # CIFAR-10 in its binary version, two images a batch.
    function New-Cifar10([string] $Path) {
        $null = New-Item -ItemType Directory -Force $Path
        foreach ($file in (1..5 | ForEach-Object { "data_batch_$_.bin" }), 'test_batch.bin' | ForEach-Object { $_ }) {
            $bytes = [byte[]]::new(2 * 3073)
            $bytes[0] = 3; $bytes[3073] = 5; $bytes[3074] = 255
            [IO.File]::WriteAllBytes((Join-Path $Path $file), $bytes)
        }
    }

    $colours = Join-Path $TestDrive 'colours'
    New-ColourFolder $colours
    $fast = @{ BatchSize = 4; Epochs = 2; Threads = 1; Optimizer = 'Adam'; LearningRate = 0.01 }
}

Describe 'Get-CnnDataset' {
    It 'lists what has a name and looks for no files' {
        $known = Get-CnnDataset
        $known.Name | Should -Be 'SynthDigits', 'MNIST', 'FashionMNIST', 'CIFAR10', 'CIFAR100'
        $known[3].Train, $known[3].Test, "$($known[3].Shape)" | Should -Be 50000, 10000, '3x32x32'
        $known[4].Classes.Count | Should -Be 100
        $known | Out-String | Should -Match 'CIFAR10\s+3x32x32\s+10\s+50000\s+10000'
    }

    It 'tells of a folder, by its path, from the pipeline and as ImageFolder' {
        $data = $colours | Get-CnnDataset
        $data.Name, $data.Train, $data.Test, "$($data.Shape)" | Should -Be $colours, 16, 4, '3x8x8'
        $data.Classes | Should -Be 'dark', 'light'
        (Get-CnnDataset ImageFolder -DataPath $colours -TrainFraction 0.5).Test | Should -Be 10
        Push-Location $TestDrive
        try { (Get-CnnDataset ./colours).Name | Should -Be $colours } finally { Pop-Location }
    }

    It 'emits labelled images of a split and a class' {
        $images = Get-CnnDataset $colours -Split Train -Class LIGHT -First 3
        $images.Label | Should -Be 'light', 'light', 'light'
        $images[0].Pixels[0] | Should -BeGreaterThan 200
        (Get-CnnDataset $colours -Split Test).Count | Should -Be 4
        Get-CnnDataset $colours -Class green -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -Match '^UnknownClass'
    }

    It 'reads CIFAR-10 and scales it' {
        $cifar = Join-Path $TestDrive 'data' 'cifar-10-batches-bin'
        New-Cifar10 $cifar
        $data = Get-CnnDataset cifar10 -DataPath (Join-Path $TestDrive 'data')
        $data.Name, $data.Train, $data.Test | Should -Be 'CIFAR10', 10, 2
        $image = Get-CnnDataset CIFAR10 -DataPath $cifar -Class dog -First 1
        $image.Label, $image.Pixels[0], $image.Pixels[1] | Should -Be 'dog', 255, 0
        "$((Get-CnnDataset CIFAR10 -DataPath $cifar -ImageSize 64 -First 1).Shape)" | Should -Be '3x64x64'
        "$((Get-CnnDataset CIFAR10 -DataPath $cifar -Size 64 -First 1).Shape)" | Should -Be '3x64x64'
        $null = Get-CnnDataset CIFAR10 -DataPath $cifar -ImageSize 100000 -First 1 -ErrorAction SilentlyContinue -ErrorVariable failure
        "$($failure[0])" | Should -BeLike 'ImageSize cannot be*'
    }

    It 'answers <Name> with <Id>' -ForEach @(
        @{ Name = 'MNSIT'; Id = 'UnknownDataset' }
        @{ Name = './none'; Id = 'FileNotFound' }
        @{ Name = 'CIFAR10'; Id = 'DatasetNotFound' }
        @{ Name = 'ImageFolder'; Id = 'NoClassesInFolder' }
    ) {
        Get-CnnDataset $Name -DataPath (New-Item -ItemType Directory -Force (Join-Path $TestDrive 'empty')) `
            -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -Match "^$Id"
    }

    It 'completes names and ImageFolder' {
        $line = 'Start-CnnTraining LeNet5 -Dataset '
        $words = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText
        $words | Should -Contain 'CIFAR100'
        $words | Should -Contain 'ImageFolder'
    }
}

Describe 'Training on folders of images' {
    It 'trains, tests and goes on with the same images, whatever was asked for' {
        $path = Join-Path $TestDrive 'folder.safetensors'
        $settings = $fast + @{ Dataset = $colours; ImageSize = 28; TrainFraction = 0.7; DataSeed = 5 }
        $records = Start-CnnTraining SimpleCnn @settings -CheckpointPath $path -ModelVariable net
        $records[-1].TestAccuracy | Should -Be 1
        $records[-1].Dataset | Should -Be $colours

        # Neither names a size or a share: the model and the checkpoint know them.
        $tested = $records[-1] | Test-CnnModel
        $tested.Images, $tested.Loss | Should -Be 6, $records[-1].TestLoss
        ($net | Test-CnnModel).Loss | Should -Be $records[-1].TestLoss
        (Resume-CnnTraining $path -Epochs 3).Epoch | Should -Be 3

        New-CnnImage 8 99 | Export-CnnImage (Join-Path $colours 'dark' '1.png') -Force
        Get-ChildItem $colours -Recurse -File | ForEach-Object { $_.LastWriteTimeUtc = [datetime]::UtcNow.AddMinutes(1) }
        Resume-CnnTraining $path -Epochs 4 -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -Match '^DatasetDiffers'
    }

    It 'goes on by bits as if it had not been stopped' {
        $settings = $fast + @{ Dataset = $colours; ImageSize = 28; Seed = 3 }
        $whole = Start-CnnTraining SimpleCnn @settings
        $path = Join-Path $TestDrive 'bits.safetensors'
        $null = Start-CnnTraining SimpleCnn @settings -CheckpointPath $path | Select-Object -First 1
        (Resume-CnnTraining $path).TestLoss | Should -Be $whole[1].TestLoss
    }

    It 'takes classes from a CSV file' {
        $leaves = Join-Path $TestDrive 'leaves'
        New-ColourFolder $leaves
        $rows = foreach ($name in 'dark', 'light') { 1..10 | ForEach-Object { "$name/$_.png,$name leaf" } }
        Set-Content (Join-Path $leaves 'train.csv') (@('image,label') + $rows)
        (Get-CnnDataset $leaves -LabelFile train.csv).Classes | Should -Be 'dark leaf', 'light leaf'
        $record = Start-CnnTraining SimpleCnn @fast -Dataset $leaves -LabelFile train.csv -ImageColumn image -LabelColumn label -ImageSize 28
        $record[-1].TestAccuracy | Should -Be 1
    }

    It 'names the file that is broken, and the size to scale to' {
        $mixed = Join-Path $TestDrive 'mixed'
        New-ColourFolder $mixed
        New-CnnImage 9 5 | Export-CnnImage (Join-Path $mixed 'dark' '9.png') -Force
        Start-CnnTraining SimpleCnn @fast -Dataset $mixed -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -Match '^ImageSizesDiffer'
        Set-Content (Join-Path $mixed 'light' '3.png') 'no image'
        Start-CnnTraining SimpleCnn @fast -Dataset $mixed -ImageSize 28 -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].Exception.Message | Should -Match 'light.3\.png'
    }
}

Describe 'Streaming' {
    It 'trains, goes on and tests by bits as from memory, and says both rates' {
        $settings = $fast + @{ Dataset = $colours; ImageSize = 28; Seed = 3; ValidationSplit = 0.25 }
        $whole = Start-CnnTraining SimpleCnn @settings
        $path = Join-Path $TestDrive 'streamed.safetensors'
        $told = Start-CnnTraining SimpleCnn @settings -ResidentLimit 0 -CheckpointPath $path -Verbose 4>&1
        ($told -match 'images/s decoded').Count | Should -Be 1
        $records = @($told | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] })
        $records.TrainLoss | Should -Be $whole.TrainLoss
        $records.ValidationLoss | Should -Be $whole.ValidationLoss
        $records.TestLoss | Should -Be $whole.TestLoss
        ($records[-1] | Test-CnnModel).Loss | Should -Be $whole[-1].TestLoss
    }

    It 'refuses what is no limit, and a limit for what is no folder' {
        Get-CnnDataset $colours -ResidentLimit -1 -ErrorAction SilentlyContinue -ErrorVariable negative | Should -BeNullOrEmpty
        $negative[0].FullyQualifiedErrorId | Should -Match '^InvalidArgument'
        Get-CnnDataset SynthDigits -ResidentLimit 1MB -ErrorAction SilentlyContinue -ErrorVariable named | Should -BeNullOrEmpty
        $named[0].FullyQualifiedErrorId | Should -Match '^IncompatibleArguments'
    }

    It 'looks at classes that are too small to be trained on' {
        $few = Join-Path $TestDrive 'few'
        foreach ($name in 'a', 'b') {
            $null = New-Item -ItemType Directory -Force (Join-Path $few $name)
            New-CnnImage 28 5 | Export-CnnImage (Join-Path $few $name '1.png')
        }
        $data = Get-CnnDataset $few
        $data.Train + $data.Test | Should -Be 2
        Start-CnnTraining SimpleCnn -Dataset $few -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -Match '^InvalidArgument'
    }
}

Describe 'Export-CnnImageGrid' {
    It 'shows a data set, a class a row' {
        $path = Join-Path $TestDrive 'digits.png'
        $file = Get-CnnDataset SynthDigits | Export-CnnImageGrid $path -PassThru
        $file.Name | Should -Be 'digits.png'
        $grid = Get-CnnImage $path
        # 28 pixels become 84, since 64 are wanted at least.
        "$($grid.Shape)" | Should -Be "1x$(4 + 10 * (84 + 4 + 12))x$(4 + 10 * (84 + 4))"
    }

    It 'shows any images' {
        $path = Join-Path $TestDrive 'any.png'
        'Red', 'Blue', 'White' | New-CnnImage 4 | Export-CnnImageGrid $path -Columns 2 -Scale 3
        $grid = Get-CnnImage $path
        "$($grid.Shape)" | Should -Be '3x36x36'
        $grid[0, 4, 4], $grid[2, 4, 4], $grid[2, 4, 20] | Should -Be 255, 0, 255
        Get-ChildItem (Join-Path $colours 'light') | Export-CnnImageGrid $path -Force
        (Get-CnnImage $path).Width | Should -Be (4 + 10 * 68)
    }

    It 'leaves a bad file out and shows the others' {
        $path = Join-Path $TestDrive 'others.png'
        $files = New-Item -ItemType Directory (Join-Path $TestDrive 'tiles')
        1..3 | ForEach-Object { New-CnnImage 8 | Export-CnnImage (Join-Path $files "$_.png") }
        Set-Content (Join-Path $files '0.png') 'no image'
        Export-CnnImageGrid $path -InputObject (Join-Path $files '*.png') -Scale 1 -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure.Count | Should -Be 1
        (Get-CnnImage $path).Width | Should -Be (4 + 3 * 12)
    }

    It 'leaves a file that is there alone, and writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'kept.png'
        Set-Content $path 'mine'
        New-CnnImage 4 | Export-CnnImageGrid $path -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -Match '^FileExists'
        New-CnnImage 4 | Export-CnnImageGrid $path -Force -WhatIf
        Get-Content $path | Should -Be 'mine'
        @() | Export-CnnImageGrid $path -Force -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -Match '^NoImagesForGrid'
    }
}

Describe 'Save-CnnDataset' {
    BeforeAll {
        # Serves a file that is not the published one, or nothing but a promise of its length.
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $server = Start-ThreadJob {
            while ($true) {
                $client = ($using:listener).AcceptTcpClient()
                $stream = $client.GetStream()
                $reader = [IO.StreamReader]::new($stream)
                $request = $reader.ReadLine()
                while ($reader.ReadLine()) { }
                $length = $request -match '/cut/' ? 9912422 : 5
                $head = "HTTP/1.1 200 OK`r`nContent-Length: $length`r`nConnection: close`r`n`r`nhello"
                $stream.Write([Text.Encoding]::ASCII.GetBytes($head))
                if ($request -match '/cut/slow/') {
                    try { 1..100 | ForEach-Object { Start-Sleep -Milliseconds 50; $stream.Write([byte[]]::new(50000)) } } catch { $null = $_ }
                }
                $client.Dispose()
            }
        }
    }

    AfterAll {
        $listener.Stop()
        $server | Stop-Job -PassThru | Remove-Job -Force
    }

    It 'does not keep <What>' -ForEach @(
        @{ What = 'another file'; Place = 'wrong'; Id = 'DownloadDiffers' }
        @{ What = 'half a file under its name'; Place = 'cut'; Id = 'DownloadFailed' }
    ) {
        $data = Join-Path $TestDrive "saved-$Place"
        Save-CnnDataset MNIST -DataPath $data -Source "http://127.0.0.1:$port/$Place" -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -Match "^$Id"
        Get-ChildItem $data -Recurse -File | Where-Object Extension -NE '.part' | Should -BeNullOrEmpty
    }

    It 'tells the rate and the time left, the same in every culture, and stops' {
        $data = Join-Path $TestDrive 'saved-slow'
        $shell = [powershell]::Create()
        $null = $shell.AddScript({
                param($Module, $Data, $Source)
                [cultureinfo]::CurrentCulture = 'de-DE'
                Import-Module $Module
                Save-CnnDataset MNIST -DataPath $Data -Source $Source
            }).AddArgument((Join-Path $PSScriptRoot '../CnnTools.psd1')).AddArgument($data).AddArgument("http://127.0.0.1:$port/cut/slow")
        $run = $shell.BeginInvoke()
        $until = (Get-Date).AddSeconds(60)
        while (-not ($shell.Streams.Progress | Where-Object SecondsRemaining -GT 0) -and (Get-Date) -lt $until) { Start-Sleep -Milliseconds 100 }
        $run.IsCompleted | Should -BeFalse
        $shell.Stop()
        $shell.Streams.Progress[-1].StatusDescription | Should -Match '^train-images-idx3-ubyte.gz: \d\.\d of 9\.9 MB, \d+\.\d MB/s$'
        $shell.Dispose()
        Get-ChildItem $data -Recurse -File | ForEach-Object Name | Should -Be 'train-images-idx3-ubyte.gz.part'
    }

    It 'refuses what is no address and no data set' {
        Save-CnnDataset MNIST -Source 'ftp://x' -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -Match '^InvalidArgument'
        Save-CnnDataset SynthDigits -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -Match '^UnknownDataset'
        Save-CnnDataset CIFAR10 -DataPath (Join-Path $TestDrive 'unmade') -WhatIf
        Join-Path $TestDrive 'unmade' | Should -Not -Exist
    }
}
