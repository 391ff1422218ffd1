BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force

    # A PNG that is a header and nothing else; CRC 32 as the format has it.
    function New-PngHeader([int] $Width, [int] $Height) {
        $table = 0..255 | ForEach-Object {
            [uint] $c = $_
            foreach ($bit in 1..8) { $c = $c -band 1 ? (0xEDB88320 -bxor ($c -shr 1)) : ($c -shr 1) }
            $c
        }
        $content = [Text.Encoding]::ASCII.GetBytes('IHDR') + (24, 16, 8, 0 | ForEach-Object { ($Width -shr $_) -band 255 }) +
            (24, 16, 8, 0 | ForEach-Object { ($Height -shr $_) -band 255 }) + (8, 2, 0, 0, 0)
        [uint] $crc = 4294967295
        foreach ($byte in $content) { $crc = $table[($crc -bxor $byte) -band 255] -bxor ($crc -shr 8) }
        $crc = 4294967295 - $crc
        [byte[]] (@(0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13) + $content +
            (24, 16, 8, 0 | ForEach-Object { ($crc -shr $_) -band 255 }) + (0, 0, 0, 0, 73, 68, 65, 84, 0x35, 0xAF, 0x06, 0x1E))
    }

    $photo = Join-Path $TestDrive 'photo.png'
    New-CnnImage 40,60 200,100,50 | Export-CnnImage $photo
}

Describe 'New-CnnImage' {
    It 'makes black, white, a value and a colour' {
        $black = New-CnnImage 200
        "$($black.Shape)" | Should -Be '3x200x200'
        ($black.Pixels | Measure-Object -Maximum).Maximum | Should -Be 0
        (New-CnnImage 2,3 White).Pixels | Should -Be (@(255) * 18)
        (New-CnnImage 1 128).Pixels | Should -Be 128, 128, 128
        (New-CnnImage 1 '#ff8000').Pixels | Should -Be 255, 128, 0
        (New-CnnImage 1 1,2,3).Pixels | Should -Be 1, 2, 3
        (New-CnnImage 1,2 Red -Grayscale).Pixels | Should -Be 76, 76
    }

    It 'takes colours from the pipeline' {
        (0, 'White', '#010203' | New-CnnImage 1).ForEach{ $_.Pixels[2] } | Should -Be 0, 255, 3
    }

    It 'refuses <Words>' -ForEach @(
        @{ Words = 'a size of none'; Size = 0, 4; Color = 'Black' }
        @{ Words = 'a size beyond all bounds'; Size = 60000, 60000; Color = 'Black' }
        @{ Words = 'a value beyond 255'; Size = 4; Color = 256 }
        @{ Words = 'a colour nobody knows'; Size = 4; Color = 'Wheit' }
        @{ Words = 'two values'; Size = 4; Color = 1, 2 }
    ) {
        { New-CnnImage $Size $Color -ErrorAction Stop } | Should -Throw
    }
}

Describe 'Get-CnnImage' {
    It 'tells what a file is' {
        $image = Get-CnnImage $photo
        $image | Should -BeOfType ([CnnTools.Images.CnnImage])
        $image.Width, $image.Height, $image.Channels | Should -Be 60, 40, 3
        "$($image.Shape)" | Should -Be '3x40x60'
        "$($image.Kind) $($image.Format) $($image.PixelType)" | Should -Be 'Rgb Png UInt8'
        $image.BitDepth, $image.Minimum, $image.Maximum, $image.Orientation | Should -Be 8, 0, 255, 1
        $image.HasAlpha | Should -BeFalse
        $image.Path | Should -Be $photo
        $image.Pixels.Count | Should -Be 7200
        $image[1, 39, 59] | Should -Be 100
    }

    It 'shows a line for each image' {
        $text = Get-CnnImage $photo | Out-String
        $text | Should -Match 'Name\s+Format\s+Kind\s+Width\s+Height\s+Channels'
        $text | Should -Match 'photo\.png\s+Png\s+Rgb\s+60\s+40\s+3'
    }

    It 'scales, crops, and changes channels' {
        "$((Get-CnnImage $photo -Size 8).Shape)" | Should -Be '3x8x8'
        "$((Get-CnnImage $photo -Size 8,16).Shape)" | Should -Be '3x8x16'
        "$((Get-CnnImage $photo -Crop 20).Shape)" | Should -Be '3x20x20'
        "$((Get-CnnImage $photo -Crop 0,1,10,12 -Size 5).Shape)" | Should -Be '3x5x5'
        $grey = Get-CnnImage $photo -Grayscale
        "$($grey.Shape) $($grey.Kind) $($grey.Pixels[0])" | Should -Be '1x40x60 Grayscale 124'
        $bgr = Get-CnnImage $photo -Crop 1 -ChannelOrder Bgr
        $bgr.Pixels | Should -Be 50, 100, 200
        "$($bgr.ChannelOrder)" | Should -Be 'Bgr'
    }

    It 'says which crop does not lie within which image' {
        Get-CnnImage $photo -Crop 41 -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'CropOutside,*'
        "$($failure[0])" | Should -BeLike '*photo.png*40 x 60*'
    }

    It 'takes wildcards, literal paths and files from the pipeline' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'many')
        $null = New-Item -ItemType Directory (Join-Path $folder 'm-folder.png')
        1..3 | ForEach-Object { New-CnnImage $_ | Export-CnnImage (Join-Path $folder "m$_.png") }
        New-CnnImage 9 | Export-CnnImage (Join-Path $folder 'odd[1].jpg')
        (Get-CnnImage (Join-Path $folder 'm*.png')).Width | Should -Be 1, 2, 3
        (Get-CnnImage -LiteralPath (Join-Path $folder 'odd[1].jpg')).Width | Should -Be 9
        (Get-CnnImage (Join-Path $folder 'odd[1].jpg')).Width | Should -Be 9
        (Join-Path $folder 'odd[1].jpg' | Invoke-Pooling Max -Global).Maximum | Should -Be 0
        (Get-ChildItem -File $folder | Get-CnnImage).Count | Should -Be 4
        (Get-ChildItem -File $folder).FullName.Where{ $_ -notlike '*odd*' } | Get-CnnImage | Should -HaveCount 3
        Push-Location $folder
        try {
            (Get-CnnImage m2.png).Height | Should -Be 2
        }
        finally {
            Pop-Location
        }
    }

    It 'gives each bad file an error of its own and goes on' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'bad')
        $good = [IO.File]::ReadAllBytes($photo)
        [IO.File]::WriteAllBytes("$folder/1-cut.png", $good[0..($good.Count / 2)])
        [IO.File]::WriteAllBytes("$folder/2-empty.jpg", [byte[]]@())
        [IO.File]::WriteAllBytes("$folder/3-enormous.png", (New-PngHeader 60000 60000))
        [IO.File]::WriteAllBytes("$folder/4-mislabelled.jpg", $good)
        Set-Content "$folder/5-text.png" 'no image at all'
        Copy-Item $photo "$folder/6-good.png"
        $before = [GC]::GetTotalAllocatedBytes()
        $images = Get-ChildItem $folder | Get-CnnImage -ErrorAction SilentlyContinue -ErrorVariable failure
        $images.Name | Should -Be '4-mislabelled.jpg', '6-good.png'
        "$($images[0].Format)" | Should -Be 'Png'
        $failure.ForEach{ $_.FullyQualifiedErrorId.Split(',')[0] } | Should -Be 'CorruptFile', 'CorruptFile', 'ImageTooLarge', 'UnsupportedImage'
        $failure.ForEach{ Split-Path -Leaf $_.TargetObject } | Should -Be '1-cut.png', '2-empty.jpg', '3-enormous.png', '5-text.png'
        "$($failure[2])" | Should -BeLike '*60000 x 60000*'
        $failure[2].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        [GC]::GetTotalAllocatedBytes() - $before | Should -BeLessThan 200MB
    }

    It 'names what is not there' {
        Get-CnnImage (Join-Path $TestDrive 'none.png') -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        Get-CnnImage Env:PATH -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NotAFile,*'
    }
}

Describe 'Export-CnnImage' {
    It 'writes <Name>' -ForEach @(
        @{ Name = 'a.png'; With = @{}; Format = 'Png' }
        @{ Name = 'b.jpg'; With = @{}; Format = 'Jpeg' }
        @{ Name = 'c.JPEG'; With = @{ Quality = 50 }; Format = 'Jpeg' }
        @{ Name = 'd.bin'; With = @{ Format = 'Png' }; Format = 'Png' }
    ) {
        $path = Join-Path $TestDrive $Name
        $file = Get-CnnImage $photo | Export-CnnImage $path @With -PassThru
        $file | Should -BeOfType ([IO.FileInfo])
        $back = Get-CnnImage $path
        "$($back.Format)" | Should -Be $Format
        "$($back.Shape)" | Should -Be '3x40x60'
        [Math]::Abs($back.Pixels[0] - 200) | Should -BeLessThan 3
    }

    It 'writes colours as they look, whatever their order' {
        $path = Join-Path $TestDrive 'bgr.png'
        Get-CnnImage $photo -ChannelOrder Bgr | Export-CnnImage $path
        (Get-CnnImage $path).Pixels[0] | Should -Be 200
    }

    It 'makes smaller files of lower quality' {
        $sizes = 95, 20 | ForEach-Object {
            (Get-CnnImage $photo -Size 300 | Export-CnnImage (Join-Path $TestDrive "q$_.jpg") -Quality $_ -PassThru).Length
        }
        $sizes[1] | Should -BeLessThan $sizes[0]
    }

    It 'fills a folder, each image under its own name' {
        $out = New-Item -ItemType Directory (Join-Path $TestDrive 'out')
        Get-CnnImage $photo -Size 4 | Export-CnnImage $out
        Get-CnnImage $photo -Size 4 | Export-CnnImage $out -Format Jpeg
        (Get-ChildItem $out).Name | Should -Be 'photo.jpg', 'photo.png'
        New-CnnImage 4 | Export-CnnImage $out -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'ImageWithoutName,*'
    }

    It 'replaces a file with -Force only, and writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'kept.png'
        New-CnnImage 3 | Export-CnnImage $path
        New-CnnImage 5 | Export-CnnImage $path -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        New-CnnImage 5 | Export-CnnImage $path -Force -WhatIf
        (Get-CnnImage $path).Width | Should -Be 3
        New-CnnImage 5 | Export-CnnImage $path -Force
        (Get-CnnImage $path).Width | Should -Be 5
        (Get-ChildItem $TestDrive -Force -Filter '*.tmp') | Should -BeNullOrEmpty
    }

    It 'says <Id> of <Name>' -ForEach @(
        @{ Name = 'x.gif'; With = @{}; Id = 'NoImageFormat' }
        @{ Name = 'x.jpg'; With = @{ Quality = 101 }; Id = 'InvalidArgument' }
        @{ Name = 'no/such/folder/x.png'; With = @{}; Id = 'FolderNotFound' }
    ) {
        New-CnnImage 3 | Export-CnnImage (Join-Path $TestDrive $Name) @With -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }
}
