BeforeDiscovery {
    $data = Join-Path $PSScriptRoot 'data'
    $seeds = Get-Content (Join-Path $data 'seed-examples.json') -Raw | ConvertFrom-Json -AsHashtable
    $cases = Get-Content (Join-Path $data 'operations.json') -Raw | ConvertFrom-Json -AsHashtable

    # What the help shows is run; where it says what comes out, that comes out.
    $examples = foreach ($page in 'Invoke-Convolution', 'Invoke-Pooling', 'Invoke-CnnLayer', 'Get-ConvolutionKernel', 'Measure-Convolution') {
        $text = Get-Content (Join-Path $PSScriptRoot "../docs/en-US/$page.md") -Raw
        [regex]::Matches($text, '(?s)### (Example \d+[^\n]*)\n```powershell\n(.*?)```(?:\s*```output\n(.*?)```)?') | ForEach-Object {
            @{ Page = $page; Title = $_.Groups[1].Value; Code = $_.Groups[2].Value; Output = $_.Groups[3].Value }
        }
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force

    # Numbers in nested arrays, or in arrays of several dimensions, one after the other.
    function Get-Number($values) { foreach ($value in $values) { $value -is [Collections.IList] ? (Get-Number $value) : $value } }

    function Get-Size($values) {
        for (; $values -is [Collections.IList]; $values = $values[0]) { $values.Count }
    }

    # The largest difference between numbers that are to be the same; not a number where their counts differ.
    function Get-Distance($left, $right) {
        $left, $right = @(Get-Number $left), @(Get-Number $right)
        $largest = $left.Count -eq $right.Count ? 0 : [double]::NaN
        for ($i = 0; $i -lt $left.Count; $i++) { $largest = [Math]::Max($largest, [Math]::Abs($left[$i] - $right[$i])) }
        $largest
    }

    # What a seed's operation is called here.
    function Invoke-SeedOperation($example) {
        $given = $example.params
        $padding = $given.padding ?? 0
        switch ($example.op) {
            'conv2d' {
                $more = $given.paddingMode ? @{ PaddingMode = $given.paddingMode } : @{}
                if ($given.value) { $more.PaddingValue = $given.value }
                return Invoke-Convolution $example.kernel -InputObject $example.input -Padding $padding -Stride ($given.stride ?? 1) @more
            }
            'convolve2d' { return Invoke-Convolution $example.kernel -InputObject $example.input -Flip:$given.flip }
        }
        $more = $given.stride ? @{ Stride = $given.stride } : @{}
        Invoke-Pooling ($example.op -eq 'maxpool2d' ? 'Max' : 'Average') $given.kernel -InputObject $example.input @more
    }
}

Describe 'The seeds'' examples' {
    It 'seed <seed>: <name>' -ForEach $seeds.examples {
        $map = Invoke-SeedOperation $_
        $map | Should -BeOfType ([CnnTools.Operations.FeatureMap])
        "$($map.Shape)" | Should -Be ((Get-Size $expected) -join 'x')
        Get-Distance $map.ToArray() $expected | Should -Be 0
    }

    It 'seed <seed>: <input> pixels, kernel <kernel>, stride <stride>, padding <padding> give <output>' -ForEach $seeds.sizes {
        $measure = Measure-Convolution 1, $_.input, $_.input $kernel -Stride $stride -Padding $padding
        "$($measure.OutputShape)" | Should -Be "1x${output}x$output"
    }

    It 'seed <seed>: <what> has <value> parameters' -ForEach $seeds.parameters {
        (Measure-Convolution @measure).Parameters | Should -Be $value
    }

    It 'seed <seed>: <what> multiplies <value> times' -ForEach $seeds.multiplyAdds {
        (Measure-Convolution @measure).MultiplyAdds | Should -Be $value
    }

    It 'seed <what> features behind Flatten' -ForEach $seeds.flatten {
        $graph = (New-CnnModel $network).Graph
        $first = $graph.Nodes | Where-Object { $_.Layer -is [CnnTools.Graphs.Layers.Linear] } | Select-Object -First 1
        $graph.InputShapes($first)[0].Count | Should -Be $value
    }
}

Describe 'PyTorch''s results' {
    It '<command>: <name>' -ForEach $cases {
        $given = $parameters.Clone()
        if ($given.Definition) { $given.Definition = [scriptblock]::Create($given.Definition) }
        $map = & $command -InputObject $_.input @given
        "$($map.Shape)" | Should -Be ((Get-Size $expected) -join 'x')
        Get-Distance $map.ToArray() $expected | Should -BeLessOrEqual 1e-5

        # What the layer wrote into its weights.
        foreach ($name in $weights.Keys) { Get-Distance $map.Weights[$name].ToArray() $weights[$name] | Should -BeLessOrEqual 1e-6 }
    }
}

Describe 'Invoke-Convolution' {
    BeforeAll {
        $plane = (1, 2, 0, 1, 3), (4, 5, 6, 7, 8), (1, 0, 1, 2, 3), (4, 2, 3, 4, 5)
        $kernel = (1, 2, 0), (-3, 4, 1)
    }

    It 'takes <What>' -ForEach @(
        @{ What = 'a float[,]'; Make = { , [float[, ]]::new(2, 3) } }
        @{ What = 'an int[,]'; Make = { , [int[, ]]::new(2, 3) } }
        @{ What = 'a byte[][]'; Make = { , [byte[]](0, 0, 0) * 2 } }
        @{ What = 'nested lists'; Make = { , [Collections.Generic.List[object]]((0, 0, 0), (0, 0, 0)) } }
        @{ What = 'truth values'; Make = { , (($false, $false, $false), ($false, $false, $false)) } }
    ) {
        $values = & $Make
        (Invoke-Convolution 1, 1 -InputObject $values -Bias 7).ToArray() | Should -Be 7, 7, 7, 7
    }

    It 'flips as a direct loop does' {
        $map = Invoke-Convolution $kernel -InputObject $plane -Flip
        for ($y = 0; $y -lt 3; $y++) {
            for ($x = 0; $x -lt 3; $x++) {
                $sum = 0
                for ($i = 0; $i -lt 2; $i++) {
                    for ($j = 0; $j -lt 3; $j++) { $sum += $kernel[$i][$j] * $plane[$y + 1 - $i][$x + 2 - $j] }
                }
                $map.ToArray()[$y, $x] | Should -Be $sum
            }
        }
    }

    It 'keeps the size with Flip as convolve2d does: the middle of the full one' {
        $full = (Invoke-Convolution $kernel -InputObject $plane -Flip -Padding Full).ToArray()
        $same = (Invoke-Convolution $kernel -InputObject $plane -Flip -Padding Same).ToArray()
        for ($y = 0; $y -lt 4; $y++) {
            for ($x = 0; $x -lt 5; $x++) { $same[$y, $x] | Should -Be $full[$y, ($x + 1)] }
        }
    }

    It 'tells a match by 1 and its negative by -1' {
        $feature = (-1, 1), (1, -1)
        $image = (-1, 1, -1), (1, -1, 1)
        (Invoke-Convolution $feature -InputObject $image -Mean).ToArray() | Should -Be 1, -1
        $nine = (1, -1, -1), (-1, 1, -1), (-1, -1, 1)
        (Invoke-Convolution $nine -InputObject $nine -Mean -Bias 0.5).ToArray() | Should -Be 1.5
    }

    It 'takes kernels by name, several as a filter each' {
        $byName = Invoke-Convolution SobelX, SobelY -InputObject $plane
        "$($byName.Shape)" | Should -Be '2x2x3'
        $byName.Label | Should -Be 'SobelX, SobelY'
        (Invoke-Convolution (Get-ConvolutionKernel sobel*) -InputObject $plane).ToArray() | Should -Be $byName.ToArray()
        (Invoke-Convolution outline -InputObject $plane).Label | Should -Be 'EdgeDetect'
    }

    It 'gives one object that the next operation takes' {
        $map = , $plane | Invoke-Convolution EdgeDetect -Padding Same | Invoke-CnnLayer { ReLU } | Invoke-Pooling Max 2
        @($map).Count | Should -Be 1
        "$($map.Shape)" | Should -Be '2x2'
        $map.ToArray() | Should -Be 25, 32, 29, 18
        $row = $map | ConvertTo-Csv | ConvertFrom-Csv
        $row.Shape, $row.Maximum, $row.Weights | Should -Be '2x2', '32', ''
        (Invoke-Convolution Blur -InputObject $plane | ConvertTo-Csv | ConvertFrom-Csv).Weights | Should -Be 'convolution.weight'
    }

    It 'adds a value where one is given' {
        (Invoke-Convolution Identity -InputObject 3 -Padding 1 -ErrorAction SilentlyContinue -ErrorVariable failure) | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NoImage,*'
        (Invoke-Convolution 1 -InputObject (, (, 3)) -Padding 1 -PaddingValue 2).ToArray() | Should -Be 2, 2, 2, 2, 3, 2, 2, 2, 2
    }

    It 'is refused where <Why>' -ForEach @(
        @{ Why = 'rows differ'; Data = ((1, 2), (3)); Id = 'RaggedArray'; Text = '*2*a single number*' }
        @{ Why = 'planes differ'; Data = (((1, 2), (3, 4)), ((1, 2), (3, 4), (5, 6))); Id = 'RaggedArray'; Text = '*2x2*3x2*' }
        @{ Why = 'text is given'; Data = (('a', 'b'), ('c', 'd')); Id = 'DataNotUnderstood'; Text = "*'a' is text*" }
        @{ Why = 'a path is no data'; Data = 'none.xyz'; Id = '*'; Text = '*none.xyz*' }
        @{ Why = 'nothing is in it'; Data = @(); Id = 'DataNotUnderstood'; Text = '*empty*' }
        @{ Why = 'rows are empty'; Data = (@(), @()); Id = 'DataNotUnderstood'; Text = '*empty*' }
        @{ Why = 'a value is missing'; Data = ((1, $null), (1, 2)); Id = 'DataNotUnderstood'; Text = '*empty value*' }
        @{ Why = 'an object is no number'; Data = ((1, (Get-Date)), (1, 2)); Id = 'DataNotUnderstood'; Text = '*DateTime*' }
        @{ Why = 'a number is too large'; Data = ((1, 1e300), (1, 2)); Id = 'DataNotUnderstood'; Text = '*32-bit*' }
        @{ Why = 'there are five dimensions'; Data = , (, (, (, (, 1)))); Id = 'DataNotUnderstood'; Text = '*more than 4*' }
        @{ Why = 'one row came'; Data = (1, 2, 3); Id = 'NoImage'; Text = '*no rows and columns*' }
        @{ Why = 'the kernel is larger'; Data = ((1, 2), (3, 4)); Id = 'ImpossibleShape'; Text = '*window of 3 does not fit*' }
    ) {
        Invoke-Convolution Blur -InputObject $Data -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure[0].Exception.Message | Should -BeLike $Text
        $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'is refused with <Why>' -ForEach @(
        @{ Why = 'an unknown kernel'; With = @{ Kernel = 'Sobell' }; Id = 'UnknownKernel'; Text = '*Sobell*'; Remedy = '*SobelX*' }
        @{ Why = 'a kernel of two planes'; With = @{ Kernel = ((1, 1), (1, 1)), ((1, 1), (1, 1)) }; Id = 'KernelDoesNotFit'; Text = '*2 planes*1 channels*'; Remedy = '*' }
        @{ Why = 'kernels of two sizes'; With = @{ Kernel = 'Blur', 'Blur5x5' }; Id = 'DataNotUnderstood'; Text = '*3x3*5x5*'; Remedy = '*' }
        @{ Why = 'a bias too many'; With = @{ Kernel = 'Blur'; Bias = 1, 2 }; Id = 'InvalidArgument'; Text = '*Bias*1,2*'; Remedy = '*1*' }
        @{ Why = 'groups that do not divide'; With = @{ Kernel = 'Blur'; Groups = 2 }; Id = 'InvalidArgument'; Text = '*Groups*'; Remedy = '*' }
        @{ Why = 'no groups'; With = @{ Kernel = 'Blur'; Groups = 0 }; Id = 'InvalidArgument'; Text = '*Groups*'; Remedy = '*' }
        @{ Why = 'a stride of 0'; With = @{ Kernel = 'Blur'; Stride = 0 }; Id = 'ImpossibleShape'; Text = '*its stride is 0*'; Remedy = '*stride of at least 1*' }
        @{ Why = 'same padding and a stride'; With = @{ Kernel = 'Blur'; Stride = 2; Padding = 'Same' }; Id = 'InvalidArgument'; Text = '*Same*'; Remedy = '*' }
        @{ Why = 'a negative padding'; With = @{ Kernel = 'Blur'; Padding = -1 }; Id = 'ImpossibleShape'; Text = '*its padding is -1*'; Remedy = '*padding of at least 0*' }
        @{ Why = 'more reflection than there is'; With = @{ Kernel = 'Blur'; Padding = 9; PaddingMode = 'Reflect' }; Id = 'ImpossibleShape'; Text = '*Reflect*'; Remedy = '*at most (3, 4)*' }
        @{ Why = 'a value that nothing adds'; With = @{ Kernel = 'Blur'; PaddingMode = 'Reflect'; PaddingValue = 3 }; Id = 'IncompatibleArguments'; Text = '*Reflect*'; Remedy = '*' }
        @{ Why = 'groups beside -PerChannel'; With = @{ Kernel = 'Blur'; Groups = 3; PerChannel = $true; InputObject = , ((1, 2, 3), (1, 2, 3), (1, 2, 3)) * 3 }; Id = 'IncompatibleArguments'; Text = '*PerChannel*'; Remedy = '*' }
        @{ Why = 'padding beyond memory'; With = @{ Kernel = 'Blur'; Padding = 1000000 }; Id = '*'; Text = '*'; Remedy = '*padding*' }
    ) {
        $more = @{ InputObject = $plane }
        foreach ($key in $With.Keys) { $more[$key] = $With[$key] }
        Invoke-Convolution @more -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure[0].Exception.Message | Should -BeLike $Text
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike $Remedy
    }

    It 'refuses numbers that are none' {
        { Invoke-Convolution Blur -InputObject $plane -Stride ([double]::NaN) } | Should -Throw -ErrorId 'ParameterArgumentTransformationError*'
        { Invoke-Convolution Blur -InputObject $plane -Padding 'wide' } | Should -Throw '*Valid, Same and Full*'
        { Invoke-Convolution Blur -InputObject $plane -PaddingValue '0,5' } | Should -Throw '*decimal sign*'
    }

    It 'goes on with the pipeline after data that are none' {
        $maps = , $plane, 'text', , $plane | Invoke-Convolution Blur -ErrorAction SilentlyContinue -ErrorVariable failure
        $maps.Count | Should -Be 2
        $failure.Count | Should -Be 1
    }

    It 'ends on an array that holds itself' {
        $loop = [Collections.ArrayList]::new(); $null = $loop.Add($loop)
        Invoke-Convolution Blur -InputObject $loop -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'DataNotUnderstood,*'
    }
}

Describe 'Images as data' {
    BeforeAll {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'images')
        New-CnnImage 5, 6 10, 20, 30 | Export-CnnImage (Join-Path $folder 'a.png')
        New-CnnImage 5, 6 40 | Export-CnnImage (Join-Path $folder 'b.png')
        Set-Content (Join-Path $folder 'broken.png') 'no image'
    }

    It 'are channels that a kernel of one plane sums over, as in seed 004' {
        $map = Invoke-Convolution Identity -InputObject (Join-Path $folder 'a.png')
        "$($map.Shape)" | Should -Be '3x4'
        $map.Minimum, $map.Maximum | Should -Be 60, 60
        $map.Source | Should -Be (Join-Path $folder 'a.png')
        (Invoke-Convolution Blur -PerChannel -InputObject (Get-CnnImage (Join-Path $folder 'a.png'))).Shape.ToString() | Should -Be '3x3x4'
    }

    It 'are passed over as folders by wildcards, and told as folders by Get-ChildItem' {
        $null = New-Item -ItemType Directory (Join-Path $folder 'sub.png') -Force
        $null = Invoke-Pooling Max -Global -InputObject (Join-Path $folder 'sub*.png') -ErrorVariable failure
        $failure | Should -BeNullOrEmpty
        Get-Item (Join-Path $folder 'sub.png') | Invoke-Pooling Max -Global -ErrorAction SilentlyContinue -ErrorVariable failure
        "$($failure[0])" | Should -BeLike '*sub.png*it is a folder*'
        Remove-Item (Join-Path $folder 'sub.png')
    }

    It 'come as files and by wildcards, and a broken one is an error of its own' {
        foreach ($maps in @(
                , (Get-ChildItem $folder | Invoke-Pooling Max -Global -ErrorAction SilentlyContinue -ErrorVariable failure)
                , (Invoke-Pooling Max -Global -InputObject (Join-Path $folder '*.png') -ErrorAction SilentlyContinue -ErrorVariable failure)
            )) {
            $maps.Maximum | Should -Be 30, 40
            $failure.Count | Should -Be 1
        }
    }
}

Describe 'Invoke-Pooling' {
    It 'is refused with <Why>' -ForEach @(
        @{ Why = 'more padding than half of the window'; With = @{ Kind = 'Max'; Kernel = 2; Padding = 2 }; Id = 'ImpossibleShape' }
        @{ Why = 'a window of 0'; With = @{ Kind = 'Max'; Kernel = 0 }; Id = 'ImpossibleShape' }
        @{ Why = 'a window that is larger'; With = @{ Kind = 'Average'; Kernel = 4 }; Id = 'ImpossibleShape' }
        @{ Why = 'padding that counts for a maximum'; With = @{ Kind = 'Max'; Kernel = 2; CountPadding = $true }; Id = 'IncompatibleArguments' }
        @{ Why = 'no output'; With = @{ Kind = 'Max'; OutputSize = 0 }; Id = 'ImpossibleShape' }
    ) {
        Invoke-Pooling -InputObject ((1, 2, 3), (4, 5, 6)) @With -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }

    It 'moves by the window''s size where no stride is given' {
        (Invoke-Pooling Max 1, 2 -InputObject ((1, 2, 3, 4), (5, 6, 7, 8))).ToArray() | Should -Be 2, 4, 6, 8
    }
}

Describe 'Invoke-CnnLayer' {
    BeforeAll {
        $rows = [float[, ]]::new(40, 50)
        for ($i = 0; $i -lt 2000; $i++) { $rows[[Math]::DivRem($i, 50).Item1, ($i % 50)] = $i + 1 }
    }

    It 'drops by upscaling in training: what is kept is divided by 1 - p' {
        $map = Invoke-CnnLayer { Dropout 0.2 } -InputObject $rows -Training -Seed 3
        $values = @(Get-Number $map.ToArray())
        $kept = @(0..1999 | Where-Object { $values[$_] })
        $kept.Count | Should -BeGreaterThan 1520
        $kept.Count | Should -BeLessThan 1680
        Get-Distance $kept.ForEach({ $values[$_] / ($_ + 1) }) (@(1.25) * $kept.Count) | Should -BeLessThan 1e-5
        Get-Distance (Invoke-CnnLayer { Dropout 0.2 } -InputObject $rows).ToArray() $rows | Should -Be 0
    }

    It 'drops by downscaling in inference: what is kept stays, and evaluation multiplies by 1 - p' {
        $up = (Invoke-CnnLayer { Dropout 0.5 } -InputObject $rows -Training -Seed 3).ToArray()
        $down = (Invoke-CnnLayer { Dropout 0.5 } -InputObject $rows -Training -Seed 3 -DropoutMode DownscaleInInfer).ToArray()
        $evaluated = (Invoke-CnnLayer { Dropout 0.5 } -InputObject $rows -DropoutMode DownscaleInInfer).ToArray()
        for ($y = 0; $y -lt 40; $y++) {
            for ($x = 0; $x -lt 50; $x++) {
                $value = $rows[$y, $x]
                if ($down[$y, $x] -notin 0, $value -or $up[$y, $x] -ne 2 * $down[$y, $x] -or $evaluated[$y, $x] -ne $value / 2) {
                    throw "$value became $($down[$y, $x]), $($up[$y, $x]) and $($evaluated[$y, $x])."
                }
            }
        }
        @($down | Where-Object { $_ }).Count | Should -BeGreaterThan 900
    }

    It 'draws the same with the same seed and other numbers with another' {
        $maps = foreach ($seed in 1, 1, 2) { Invoke-CnnLayer { Dropout; Flatten; Linear 5 } -InputObject $rows -Training -Seed $seed }
        $maps[1].ToArray() | Should -Be $maps[0].ToArray()
        "$($maps[2].ToArray())" | Should -Not -Be "$($maps[0].ToArray())"
    }

    It 'shows weights, and takes them again' {
        $map = Invoke-CnnLayer { Conv2d 4 3 -Name conv; BatchNorm2d; SqueezeExcite 2 } -InputObject (, $rows) -Seed 4
        $map.Weights.Keys | Should -Be 'conv.weight', 'conv.bias', 'bn1.weight', 'bn1.bias', 'bn1.running_mean', 'bn1.running_var',
            'se1.fc1.weight', 'se1.fc1.bias', 'se1.fc2.weight', 'se1.fc2.bias'
        "$($map.Weights['conv.weight'].Shape)" | Should -Be '4x1x3x3'
        $map.Weights['bn1.running_var'].ToArray() | Should -Be 1, 1, 1, 1
        $again = Invoke-CnnLayer { Conv2d 4 3 -Name conv; BatchNorm2d; SqueezeExcite 2 } -InputObject (, $rows) -Seed 5 -Weights $map.Weights
        Get-Distance $again.ToArray() $map.ToArray() | Should -Be 0
        (Invoke-CnnLayer { BatchNorm2d } -InputObject $rows).Label | Should -Be 'BatchNorm2d'
    }

    It 'moves running statistics in training only' {
        $first = Invoke-CnnLayer { BatchNorm2d } -InputObject $rows -Training
        $second = Invoke-CnnLayer { BatchNorm2d } -InputObject $rows -Training -Weights $first.Weights
        [Math]::Abs($first.Weights['bn1.running_mean'].Mean - 100.05) | Should -BeLessThan 1e-3
        [Math]::Abs($second.Weights['bn1.running_mean'].Mean - 190.095) | Should -BeLessThan 1e-3
        [Math]::Abs($first.Mean) | Should -BeLessThan 1e-4
        (Invoke-CnnLayer { BatchNorm2d } -InputObject $rows -Weights $first.Weights).Weights['bn1.running_mean'].Mean |
            Should -Be $first.Weights['bn1.running_mean'].Mean
    }

    It 'attends to channels and pixels' {
        $map = Invoke-CnnLayer { Cbam 2 } -InputObject (((1, 2, 3), (4, 5, 6)), ((1, 0, 1), (0, 1, 0)))
        "$($map.Shape)" | Should -Be '2x2x3'
    }

    It 'is refused with <Why>' -ForEach @(
        @{ Why = 'a weight that is not there'; With = @{ Definition = { Conv2d 1 1 }; Weights = @{ wight = 1 } }; Id = 'UnknownWeight' }
        @{ Why = 'a weight of another size'; With = @{ Definition = { Conv2d 1 1 }; Weights = @{ weight = 1, 2 } }; Id = 'WeightSizes' }
        @{ Why = 'a weight that is text'; With = @{ Definition = { Conv2d 1 1 }; Weights = @{ weight = 'x' } }; Id = 'DataNotUnderstood' }
        @{ Why = 'a weight given twice'; With = @{ Definition = { Conv2d 1 1 }; Weights = @{ weight = 1; 'conv1.weight' = 1 } }; Id = 'IncompatibleArguments' }
        @{ Why = 'a name that two have'; With = @{ Definition = { Conv2d 1 1; Conv2d 1 1 }; Weights = @{ weight = 1 } }; Id = 'UnknownWeight' }
        @{ Why = 'no layer'; With = @{ Definition = { } }; Id = 'InvalidGraph' }
        @{ Why = 'a word that is none'; With = @{ Definition = { Relu7 } }; Id = 'UnknownWord' }
        @{ Why = 'an image where features are needed'; With = @{ Definition = { Linear 3 } }; Id = 'ImpossibleShape' }
        @{ Why = 'a single value to learn statistics from'; With = @{ Definition = { BatchNorm2d }; Training = $true; InputObject = , (, 3) }; Id = 'ImpossibleShape' }
        @{ Why = 'rows of three dimensions'; With = @{ Definition = { ReLU }; AsRows = $true; InputObject = , ((1, 2), (3, 4)) }; Id = 'IncompatibleArguments' }
    ) {
        $more = @{ InputObject = (1, 2), (3, 4) }
        foreach ($key in $With.Keys) { $more[$key] = $With[$key] }
        Invoke-CnnLayer @more -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'ends with the script''s own error' {
        { Invoke-CnnLayer { ReLU; throw 'mine' } -InputObject ((1, 2), (3, 4)) } | Should -Throw 'mine'
    }
}

Describe 'Get-ConvolutionKernel' {
    It 'lists the gallery as matrices' {
        $all = Get-ConvolutionKernel
        $all.Name | Should -Contain 'Gaussian'
        $all.Count | Should -Be 14
        $all.Matrix | Should -BeOfType ([CnnTools.Operations.FeatureMap])
    }

    It '<Name> sums to <Sum>' -ForEach @(
        @{ Name = 'Identity'; Sum = 1 }, @{ Name = 'Blur'; Sum = 1 }, @{ Name = 'Blur5x5'; Sum = 1 }, @{ Name = 'Gaussian'; Sum = 1 }
        @{ Name = 'Gaussian5x5'; Sum = 1 }, @{ Name = 'Sharpen'; Sum = 1 }, @{ Name = 'Emboss'; Sum = 1 }, @{ Name = 'EdgeDetect'; Sum = 0 }
        @{ Name = 'Laplacian'; Sum = 0 }, @{ Name = 'SobelX'; Sum = 0 }, @{ Name = 'SobelY'; Sum = 0 }, @{ Name = 'PrewittX'; Sum = 0 }
        @{ Name = 'PrewittY'; Sum = 0 }, @{ Name = 'VerticalEdge'; Sum = 0 }
    ) {
        $sum = (Get-Number (Get-ConvolutionKernel $Name).Matrix.ToArray() | Measure-Object -Sum).Sum
        [Math]::Abs($sum - $Sum) | Should -BeLessThan 1e-6
    }

    It 'takes wildcards and aliases, and offers near names' {
        (Get-ConvolutionKernel prewitt*).Name | Should -Be 'PrewittX', 'PrewittY'
        (Get-ConvolutionKernel outline).Name | Should -Be 'EdgeDetect'
        Get-ConvolutionKernel none* | Should -BeNullOrEmpty
        Get-ConvolutionKernel Gausian -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'UnknownKernel,*'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*Gaussian*'
        (Get-ConvolutionKernel Sobl, Blur -ErrorAction SilentlyContinue -ErrorVariable failure).Name | Should -Be 'Blur'
        $failure[0].ErrorDetails.RecommendedAction | Should -BeLike '*SobelX or SobelY*'
    }

    It 'is completed' {
        foreach ($line in 'Get-ConvolutionKernel Sob', 'Invoke-Convolution -Kernel Sob', '$x | Invoke-Convolution Sob') {
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'SobelX', 'SobelY'
        }
        (TabExpansion2 'Invoke-Convolution Blur -Padding ' 33).CompletionMatches.CompletionText | Should -Contain 'Full'
    }
}

Describe 'Measure-Convolution' {
    It 'tells kinds of layers' {
        (Measure-Convolution 8, 9, 9 3).Kind | Should -Be 'Standard'
        (Measure-Convolution 8, 9, 9 3 -Groups 2).Kind | Should -Be 'Grouped'
        (Measure-Convolution 8, 9, 9 3 -Groups 8).Kind | Should -Be 'Depthwise'
        (Measure-Convolution 8, 9, 9 3 -Separable).Kind | Should -Be 'DepthwiseSeparable'
        (Measure-Convolution 8, 9, 9 3 -Groups 2 -Filters 6).Parameters | Should -Be (6 * 4 * 9)
        (Measure-Convolution 8, 9, 9 3 -Filters 6 -Bias).Parameters | Should -Be (6 * 8 * 9 + 6)
        (Measure-Convolution 8, 9, 9 -Outputs 6 -Bias).Parameters | Should -Be (6 * 648 + 6)
    }

    It 'tells what a stack sees: <Field> by <Repeat> windows of <Kernel>, stride <Stride>, dilation <Dilation>' -ForEach @(
        @{ Kernel = 3; Repeat = 1; Stride = 1; Dilation = 1; Field = '3' }
        @{ Kernel = 3; Repeat = 2; Stride = 1; Dilation = 1; Field = '5' }
        @{ Kernel = 3; Repeat = 3; Stride = 1; Dilation = 1; Field = '7' }
        @{ Kernel = 3; Repeat = 3; Stride = 2; Dilation = 1; Field = '15' }
        @{ Kernel = 3; Repeat = 2; Stride = 1; Dilation = 2; Field = '9' }
        @{ Kernel = @(1, 3); Repeat = 2; Stride = 1; Dilation = 1; Field = '(1, 5)' }
    ) {
        $measure = Measure-Convolution 1, 64, 64 $Kernel -Repeat $Repeat -Stride $Stride -Dilation $Dilation
        "$($measure.ReceptiveField)" | Should -Be $Field
    }

    It 'measures any layers' {
        $measure = Measure-Convolution 1, 28, 28 -Definition { Conv2d 10 5; MaxPool2d 2; ReLU; Conv2d 20 5; MaxPool2d 2; ReLU }
        "$($measure.OutputShape)", "$($measure.ReceptiveField)" | Should -Be '20x4x4', '16'
        $measure.Parameters | Should -Be (260 + 5020)
    }

    It 'keeps the size with the padding that seed 003 gives, (K - 1) / 2' {
        foreach ($kernel in 1, 3, 5, 7) {
            "$((Measure-Convolution 1, 28, 28 $kernel -Padding (($kernel - 1) / 2)).OutputShape)" | Should -Be '1x28x28'
            "$((Measure-Convolution 1, 28, 28 $kernel -Padding Same).OutputShape)" | Should -Be '1x28x28'
        }
    }

    It 'is refused with <Why>' -ForEach @(
        @{ Why = 'a kernel that is larger'; With = @{ Kernel = 9 }; Id = 'ImpossibleShape' }
        @{ Why = 'no filters'; With = @{ Kernel = 3; Filters = 0 }; Id = 'ImpossibleShape' }
        @{ Why = 'a kernel below 0'; With = @{ Kernel = -3 }; Id = 'ImpossibleShape' }
        @{ Why = 'no repeats'; With = @{ Kernel = 3; Repeat = 0 }; Id = 'InvalidArgument' }
        @{ Why = 'groups of its own'; With = @{ Kernel = 3; Groups = 3; Separable = $true }; Id = 'IncompatibleArguments' }
        @{ Why = 'no outputs'; With = @{ Outputs = 0 }; Id = 'ImpossibleShape' }
    ) {
        Measure-Convolution 3, 6, 6 @With -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }
}

Describe 'Measure-Convolution, with half a shape' {
    It 'says how a whole one is written' {
        { Measure-Convolution 640 3 } | Should -Throw '*1,640,640 or 3,640,640*'
        { Measure-Convolution 48, 64 3 } | Should -Throw '*1,48,64 or 3,48,64*'
    }
}

Describe 'The view of a feature map' {
    It 'prints small matrices as the seeds print them' {
        $text = (Invoke-Pooling Average 2 -InputObject ((1, 2, 3, 4), (5, 6, 7, 8), (9, 10, 11, 12), (13, 14, 15, 16)) | Out-String).Trim()
        $text | Should -Be "AvgPool2d (2x2)`n[[ 3.5  5.5]`n [11.5 13.5]]"
        $seed = (1, 2, 3, 0, 1), (0, 1, 2, 3, 1), (3, 0, 1, 2, 0), (1, 2, 3, 0, 1), (0, 1, 2, 3, 0)
        "$(Invoke-Convolution EdgeDetect -InputObject $seed -Padding 1)" |
            Should -Be "[[  5   9  16 -10   4]`n [ -7  -4   4  14   2]`n [ 20 -13  -5   5  -7]`n [  2   5  13 -12   3]`n [ -4   0   7  18  -4]]"
    }

    It 'tells shape and figures of larger ones' {
        $map = Invoke-Convolution VerticalEdge -InputObject ([float[, ]]::new(70, 80))
        "$map" | Should -Be '70x78: from 0 to 0, mean 0, deviation 0'
    }
}

Describe 'The examples of the help' {
    It '<Page>, <Title>' -ForEach $examples {
        $ErrorActionPreference = 'Stop'
        Push-Location $TestDrive
        try { $printed = & ([scriptblock]::Create($Code)) | Out-String -Width 120 } finally { Pop-Location }
        if ($Output) {
            ($printed.Trim() -split '\s*\n\s*') | Should -Be ($Output.Trim() -split '\s*\n\s*')
        }
    }
}
