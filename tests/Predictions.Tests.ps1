BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force

    $folder = Join-Path $TestDrive 'images'
    $null = New-Item -ItemType Directory $folder
    $tiny = New-TinyMnist (Join-Path $TestDrive 'tiny')
    $file = Join-Path $TestDrive 'net.safetensors'
    $record = Start-CnnTraining LeNet5 -Dataset MNIST -DataPath $tiny -Epochs 10 -CheckpointPath $file -ModelVariable net

    # A bright pair of rows, whose height is the class; larger than the network's input.
    function New-Stripe([int] $Class, [string] $Path) {
        $pixels = [byte[]]::new(56 * 56)
        for ($p = 0; $p -lt 4 * 56; $p++) { $pixels[(2 * $Class + 4) * 2 * 56 + $p] = 220 }
        [CnnTools.Images.CnnImage]::new($pixels, [CnnTools.Shape]::new([int[]] (1, 56, 56))) | Export-CnnImage $Path
    }

    0..9 | ForEach-Object { New-Stripe $_ (Join-Path $folder "stripe$_.png") }
}

Describe 'Invoke-CnnModel' {
    It 'names the class of each image, in order, however they come' {
        $expected = (0..9).ForEach{ "$_" }
        (Join-Path $folder '*.png' | Invoke-CnnModel $net).Class | Should -Be $expected
        (Get-ChildItem $folder | Invoke-CnnModel $file -BatchSize 3).Class | Should -Be $expected
        (Get-CnnImage (Join-Path $folder '*.png') | Invoke-CnnModel $net -BatchSize 1).Class | Should -Be $expected
        (Invoke-CnnModel $net (Get-ChildItem $folder).FullName).Class | Should -Be $expected
        $prediction = Invoke-CnnModel $net stripe7.png -Root $folder
        $prediction | Should -BeOfType ([CnnTools.Predictions.Prediction])
        $prediction.Source, $prediction.Model, $prediction.ClassIndex | Should -Be 'stripe7.png', 'LeNet5', 7
        $prediction.Probability | Should -BeGreaterThan 0.5
    }

    It 'gives the likeliest classes and the logits where asked' {
        $prediction = Get-Item (Join-Path $folder 'stripe3.png') | Invoke-CnnModel $net -Top 3 -IncludeLogits
        $prediction.Top.Count, $prediction.Logits.Count | Should -Be 3, 10
        $prediction.Top[0].Class | Should -Be '3'
        $prediction.Top[0].Probability | Should -BeGreaterThan $prediction.Top[1].Probability
        $raw = Get-Item (Join-Path $folder 'stripe3.png') | Invoke-CnnModel $net -Raw
        $raw | Should -BeOfType ([CnnTools.Operations.FeatureMap])
        $raw.ToArray() | Should -Be $prediction.Logits
        (Get-Item (Join-Path $folder 'stripe3.png') | Invoke-CnnModel $net -Top 99).Top.Count | Should -Be 10
        $prediction | Out-String | Should -Match '(?s)Name +Class +Probability +Next.*stripe3\.png +3 +0\.\d{4} +\d 0\.\d{4}, \d'
    }

    It 'makes a submission of a CSV file of file names' {
        Push-Location $folder
        try {
            'image', 'stripe2.png', 'none.png', 'stripe9.png' | Set-Content test.csv
            Import-Csv test.csv | Invoke-CnnModel $file -ErrorAction SilentlyContinue -ErrorVariable failure |
                Select-Object @{ n = 'image'; e = 'Source' }, @{ n = 'label'; e = 'Class' } | Export-Csv submission.csv
            Get-Content submission.csv | Should -Be '"image","label"', '"stripe2.png","2"', '"stripe9.png","9"'
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
            (Import-Csv test.csv | Select-Object @{ n = 'Path'; e = 'image' } | Select-Object -First 1 | Invoke-CnnModel $net).Class | Should -Be '2'
        }
        finally {
            Pop-Location
            Remove-Item (Join-Path $folder '*.csv')
        }
        [pscustomobject]@{ Name = 'x' } | Invoke-CnnModel $net -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'RowWithoutImage,*'
    }

    It 'tells of each bad file and goes on' {
        Set-Content (Join-Path $folder 'stripe0-bad.png') 'no image'
        try {
            $predictions = Join-Path $folder 'stripe*.png' | Invoke-CnnModel $net -ErrorAction SilentlyContinue -ErrorVariable failure
        }
        finally {
            Remove-Item (Join-Path $folder 'stripe0-bad.png')
        }
        $predictions.Count | Should -Be 10
        $failure.Count | Should -Be 1
        $failure[0].TargetObject | Should -BeLike '*stripe0-bad.png'
    }

    It 'takes numbers as pixel values' {
        $image = Get-CnnImage (Join-Path $folder 'stripe5.png') -Size 28
        $rows = 0..27 | ForEach-Object { $y = $_; , (0..27 | ForEach-Object { $image[0, $y, $_] }) }
        (Invoke-CnnModel $net -InputObject $rows).Class | Should -Be '5'
        (Invoke-CnnModel $net -InputObject @(, $rows), @(, $rows)).Class | Should -Be '5', '5'
        Invoke-CnnModel $net -InputObject 1, 2 -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'InputDoesNotFit,*'
    }

    It 'takes the checkpoint of a record, never its label' {
        ($record[-1] | Invoke-CnnModel -InputObject (Join-Path $folder 'stripe1.png')).Class | Should -Be '1'
    }

    It 'refuses <Id>' -ForEach @(
        @{ Id = 'UntrainedNetwork'; Model = 'LeNet5'; With = @{} }
        @{ Id = 'FileNotFound'; Model = './none.safetensors'; With = @{} }
        @{ Id = 'InvalidArgument'; Model = $null; With = @{ Top = 0 } }
        @{ Id = 'InvalidArgument'; Model = $null; With = @{ BatchSize = 0 } }
        @{ Id = 'InvalidArgument'; Model = $null; With = @{ Normalize = 1, 2, 3 } }
        @{ Id = 'DeviceAbsent'; Model = $null; With = @{ Device = 'cuda:9' } }
        @{ Id = 'IncompatibleArguments'; Model = $null; With = @{ Raw = $true; Top = 2 } }
    ) {
        $used = $Model ? $Model : $net
        { Get-ChildItem $folder | Invoke-CnnModel $used @With } | Should -Throw -ErrorId "$Id,*"
    }

    It 'refuses <Id> with a checkpoint, for each image of the pipeline' -ForEach @(
        @{ Id = 'FileNotFound'; With = @{ Checkpoint = './none.safetensors' } }
        @{ Id = 'InvalidArgument'; With = @{ Top = 0 } }
        @{ Id = 'InvalidArgument'; With = @{ BatchSize = 0 } }
        @{ Id = 'InvalidArgument'; With = @{ Normalize = 1, 2, 3 } }
        @{ Id = 'DeviceAbsent'; With = @{ Device = 'cuda:9' } }
        @{ Id = 'IncompatibleArguments'; With = @{ Raw = $true; Top = 2 } }
    ) {
        $more = @{ Checkpoint = $file }
        foreach ($key in $With.Keys) { $more[$key] = $With[$key] }
        'stripe1.png', 'stripe2.png' | Invoke-CnnModel -Root $folder @more -ErrorAction SilentlyContinue -ErrorVariable failure |
            Should -BeNullOrEmpty
        $failure.ForEach{ $_.FullyQualifiedErrorId.Split(',')[0] } | Should -Be $Id, $Id
    }

    It 'names the images of a batch that fails' {
        $images = 'stripe1.png', 'stripe2.png' | ForEach-Object { Join-Path $folder $_ }
        $images | Invoke-CnnModel $net -Threads 2000 -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure.Count | Should -Be 1
        "$($failure[0])" | Should -BeLike '*stripe1.png, *stripe2.png*'
        $failure[0].TargetObject | Should -Be $images
    }

    It 'takes a name with brackets as it is written, where a pattern means nothing' {
        $odd = New-Item -ItemType Directory (Join-Path $TestDrive 'odd[1]')
        Copy-Item (Join-Path $folder 'stripe6.png') (Join-Path $odd.FullName 'p[1].png')
        $prediction = 'p[1].png' | Invoke-CnnModel $net -Root $odd.FullName
        $prediction.Source, $prediction.Class | Should -Be 'p[1].png', '6'
    }

    It 'warns where nobody said how pixels are normalised' {
        $fresh = New-CnnModel LeNet5
        $null = Get-Item (Join-Path $folder 'stripe1.png') | Invoke-CnnModel $fresh -WarningAction SilentlyContinue -WarningVariable warning
        $warning | Should -HaveCount 1
        $null = Get-Item (Join-Path $folder 'stripe1.png') | Invoke-CnnModel $fresh -Normalize None -WarningVariable warning
        $warning | Should -BeNullOrEmpty
    }

    It 'stops when it has emitted enough' {
        (1..1000 | ForEach-Object { Join-Path $folder 'stripe4.png' } | Invoke-CnnModel $net -BatchSize 1 | Select-Object -First 1).Class | Should -Be '4'
        (Get-Item (Join-Path $folder 'stripe4.png') | Invoke-CnnModel $net).Class | Should -Be '4'
    }
}
