BeforeDiscovery {
    # Every block of the topic about definitions is run: what it shows must work.
    $topic = Get-Content (Join-Path $PSScriptRoot '../docs/en-US/about_CnnTools_Definitions.md') -Raw
    $examples = [regex]::Matches($topic, '(?s)```powershell\n(.*?)```') | ForEach-Object {
        @{ First = ($_.Groups[1].Value -split "`n")[0]; Code = $_.Groups[1].Value }
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $topic = Get-Content (Join-Path $PSScriptRoot '../docs/en-US/about_CnnTools_Definitions.md') -Raw

    function Get-Example($name, $shape) {
        $code = [regex]::Matches($topic, '(?s)```powershell\n(.*?)```').ForEach({ $_.Groups[1].Value }) | Where-Object { $_ -like "*-Name $name *" }
        $code = $code -replace '-InputShape \S+', "-InputShape $shape"
        & ([scriptblock]::Create($code))
    }

    function Get-Failure($definition, $shape = @(3, 8, 8)) {
        New-CnnModel -InputShape $shape -Definition $definition -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0]
    }
}

Describe 'The words of a definition' {
    It 'run as the topic shows them: <First>' -ForEach $examples {
        $model = & ([scriptblock]::Create($Code))
        $model | Should -BeOfType ([CnnTools.CnnModel])
        $model.Classes | Should -Be 10
    }

    It 'are each in an example of the topic' {
        $used = [regex]::Matches($topic, '(?s)```powershell\n(.*?)```').ForEach({ $_.Groups[1].Value }) -join "`n"
        foreach ($word in [CnnTools.PowerShell.Definitions.Words]::Names) {
            $used | Should -MatchExactly "\b$word\b"
            $topic | Should -MatchExactly "(?m)^\|.*\b$word\b.*\|"
        }
    }

    It 'leave nothing behind in the session' {
        $before = (Get-Command -CommandType Function).Name, (Get-Variable).Name, $ErrorActionPreference
        $null = New-CnnModel -InputShape 1, 8, 8 -Definition { $inside = 4; Flatten; Linear $inside }
        $after = (Get-Command -CommandType Function).Name, (Get-Variable).Name, $ErrorActionPreference
        Compare-Object $before[0] $after[0] | Should -BeNullOrEmpty
        $after[1] | Should -Not -Contain 'inside'
        $after[2] | Should -Be $before[2]
        Get-Command Conv2d, Residual -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'shadow no variable, and see the functions and variables of the caller' {
        $name = 'mine'; $kernel = 3; $filters = 5; $body = 'text'; $args2 = 7
        function Add-Head($outputs) { Flatten; Linear $outputs }
        $seen = [Collections.Generic.List[object]]::new()
        $model = New-CnnModel -InputShape 1, 8, 8 -Definition {
            Residual { $seen.Add(@($name, $kernel, $filters, $body)); Conv2d $filters $kernel -Padding 1; Conv2d 1 1 }
            1..2 | ForEach-Object { Conv2d $_ 1; Residual { Conv2d $_ 1 } }
            Add-Head $args2
        }
        $seen[0] | Should -Be 'mine', 3, 5, 'text'
        $model.Classes | Should -Be 7
    }

    It 'make names of kinds and numbers, or take them' {
        $model = New-CnnModel -InputShape 3, 8, 8 -Definition {
            Conv2d 4 1; Conv2d 4 1 -Name conv2; Conv2d 4 1
            Residual { Conv2d 4 1; ReLU }
            Residual -Name layer1 { Conv2d 4 1 -Name conv }
            Repeat 2 -Name stage { Conv2d 4 1 }
            Flatten; Linear 2
        }
        $model.Graph.Nodes.Name | Should -Be @(
            'conv1', 'conv2', 'conv3', 'residual1.conv1', 'residual1.relu1', 'residual1.add', 'layer1.conv', 'layer1.add',
            'stage.0.conv1', 'stage.1.conv1', 'flatten1', 'fc1')
    }

    It 'are repeated until break' {
        $model = New-CnnModel -InputShape 1, 8, 8 -Definition {
            Repeat 5 { param($i) if ($i -eq 0) { continue }; if ($i -eq 3) { break }; Conv2d $i 1 }
            Flatten; Linear 2
        }
        $model.Graph.Nodes.Name | Should -Be 'conv1', 'conv2', 'flatten1', 'fc1'
    }

    It 'are left by a break with a label, and what it leaves adds nothing' {
        $model = New-CnnModel -InputShape 1, 8, 8 -Definition {
            :outer foreach ($i in 1..3) { Repeat 3 { Conv2d 4 1; break outer } }
            Repeat 2 { Conv2d 3 1; Residual { Conv2d 5 1; break } }
            try { Residual { Conv2d 4 1; Conv2d 8 99 } } catch { }
            Flatten; Linear 2
        }
        $model.Graph.Nodes.Name | Should -Be 'conv2', 'flatten1', 'fc1'
    }

    It 'make names that no block has' {
        $model = New-CnnModel -InputShape 3, 8, 8 -Definition { Block -Name residual1 { Conv2d 3 1 -Name add }; Residual { Conv2d 3 1 }; Flatten; Linear 2 }
        $model.Graph.Nodes.Name | Should -Contain 'residual2.add'
    }

    It 'keep the size where the padding is Same' {
        $model = New-CnnModel -InputShape 3, 9, 10 -Definition {
            Conv2d 4 3 -Padding Same; Conv2d 4 1, 4 -Padding same -Dilation 2; Conv2d 4 2 -Padding Same -PaddingMode Reflect
        }
        "$($model.Graph.OutputShape)" | Should -Be '4x9x10'
        (Get-Failure { Conv2d 4 3 -Stride 2 -Padding Same }).Exception.Message | Should -BeLike '*stride is 2*'
    }

    It 'may stand in a module that sees them through its caller only where the block is the module''s own' {
        $module = New-Module -ScriptBlock { function Get-Definition { { Conv2d 4 1; Flatten; Linear 3 } } }
        (New-CnnModel -InputShape 3, 8, 8 -Definition (& $module { Get-Definition })).Classes | Should -Be 3
    }
}

Describe 'A definition that cannot be' {
    It 'is told the line that it came about on' {
        $failure = Get-Failure {
            Conv2d 4 3
            Residual {
                Conv2d 4 9   # this one
            }
        }
        $failure.FullyQualifiedErrorId | Should -BeLike 'ImpossibleShape,*'
        $failure.Exception.Message | Should -BeLike "*'residual1.conv1'*Definitions.Tests.ps1, line *: Conv2d 4 9   # this one)"
        $line = [int][regex]::Match($failure.Exception.Message, 'line (\d+):').Groups[1].Value
        (Get-Content $PSCommandPath)[$line - 1] | Should -BeLike '*Conv2d 4 9   # this one'
    }

    It 'is told <Why>' -ForEach @(
        @{ Why = 'a wrong parameter'; Block = { Conv2d 4 -Kernal 3 }; Id = 'WordNotUnderstood'; Text = '*Kernal*' }
        @{ Why = 'a number that is none'; Block = { Conv2d 4 -Kernel 3.5 }; Id = 'WordNotUnderstood'; Text = '*3.5*' }
        @{ Why = 'a kernel that is not there'; Block = { Conv2d 4 }; Id = 'WordLacks'; Text = '*Kernel*' }
        @{ Why = 'a word that is not there'; Block = { Cnv2d 4 3 }; Id = 'UnknownWord'; Text = '*Cnv2d*' }
        @{ Why = 'a name that stands twice'; Block = { ReLU -Name a; ReLU -Name a }; Id = 'InvalidGraph'; Text = "*'a'*twice*" }
        @{ Why = 'shapes that do not add up'; Block = { Residual { Conv2d 8 3 -Padding 1 } }; Id = 'ImpossibleShape'; Text = '*added*' }
        @{ Why = 'nothing at all'; Block = { }; Id = 'InvalidGraph'; Text = '*no layers*' }
        @{ Why = 'one branch'; Block = { Branch { ReLU } }; Id = 'WordLacks'; Text = '*two*' }
        @{ Why = 'a negative count'; Block = { Repeat -1 { ReLU } }; Id = 'InvalidArgument'; Text = '*Count*' }
        @{ Why = 'a block within itself'; Block = { function Again { Residual { Again } }; Again }; Id = 'NestedTooDeep'; Text = '*deep*' }
        @{ Why = 'break outside a loop'; Block = { Flatten; break }; Id = 'OutsideLoop'; Text = '*break*' }
        @{ Why = 'a list that holds itself'; Block = { $a = @(1, 2); $a[0] = $a; Conv2d 4 -Kernel $a }; Id = 'WordNotUnderstood'; Text = '*Object*' }
        @{ Why = 'weights beyond a tensor'; Block = { Flatten; Linear 2000000; Linear 2000000 }; Id = 'ImpossibleShape'; Text = '*line *: Linear 2000000*' }
        @{ Why = 'a weight below 0'; Block = { Flatten; Auxiliary { Linear 2 } -Weight -1; Linear 2 }; Id = 'InvalidGraph'; Text = '*line *: Auxiliary*' }
        @{ Why = 'groups that do not divide'; Block = { Conv2d 4 1 -Groups 2 }; Id = 'ImpossibleShape'; Text = '*groups*' }
    ) {
        $failure = Get-Failure $Block
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure.Exception.Message | Should -BeLike $Text
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'offers near words' {
        (Get-Failure { BatchNorm; Flatten }).Exception.Remedy | Should -BeLike '*BatchNorm2d*'
    }

    It 'ends with the script''s own error, whatever the session prefers' {
        $ErrorActionPreference = 'SilentlyContinue'
        { New-CnnModel -InputShape 3, 8, 8 -Definition { Flatten; throw 'mine'; Linear 3 } } | Should -Throw 'mine'
        { New-CnnModel -InputShape 3, 8, 8 -Definition { Flatten; Get-Content /nonexistent/file; Linear 3 } } | Should -Throw '*nonexistent*'
        Get-Failure { Flatten; Linear 0; Linear 3 } | Should -Not -BeNullOrEmpty
    }

    It 'goes on where the script mends it' {
        $model = New-CnnModel -InputShape 3, 8, 8 -Definition { try { Conv2d 4 9 } catch { Conv2d 4 3 }; Flatten; Linear 3 }
        $model.Parameters | Should -Be (4 * 28 + 3 * 145)
    }

    It 'warns of output that is no layer' {
        $model = New-CnnModel -InputShape 3, 8, 8 -Definition { 'Conv2d 4'; Flatten; Linear 3 } -WarningVariable warning -WarningAction SilentlyContinue
        $model.Parameters | Should -Be 579
        $warning | Should -BeLike "*'Conv2d 4'*"
    }

    It 'is refused where an alias hides a word' {
        Set-Alias Dense Get-Date
        $failure = Get-Failure { Dense { Conv2d 4 1 } }
        $failure.FullyQualifiedErrorId | Should -BeLike 'AliasHidesWord,*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*Remove-Alias Dense*'
    }

    It 'takes neither classes nor the options of networks by name, and needs an input' {
        $block = { Flatten; Linear 3 }
        New-CnnModel -InputShape 3, 8, 8 -Classes 3 -Definition $block -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'OptionNotTaken,*'
        New-CnnModel -Definition $block -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NoInputShape,*'
    }

    It 'is not trained where it gives no logits' {
        $model = New-CnnModel -InputShape 1, 28, 28 -Definition { Conv2d 10 3 }
        $model | Start-CnnTraining -Epochs 1 -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NoLogits,*'
    }
}

Describe 'Twins of the zoo, written in words' {
    It '<Name> has the same weights, which give the same logits' -ForEach @(
        @{ Name = 'LeNet5'; Shape = '1x28x28'; Definition = $null }
        @{ Name = 'ResNet18'; Shape = '1x28x28'; Definition = $null }
        @{ Name = 'SimpleCnn'; Shape = '1x28x28'; Definition = {
                Conv2d 32 3 -Padding 1; ReLU; MaxPool2d 2
                Conv2d 64 3 -Padding 1; ReLU; MaxPool2d 2
                Flatten; Linear 64; ReLU; Linear 10
            }
        }
        @{ Name = 'ImageClassification'; Shape = '1x28x28'; Definition = {
                Conv2d 6 3; ReLU; MaxPool2d 2
                Conv2d 16 3; ReLU; MaxPool2d 2
                Flatten; Linear 120 -Name linear1; ReLU; Linear 84 -Name linear2; ReLU; Linear 10 -Name out
            }
        }
        @{ Name = 'ImageClassificationOptimised'; Shape = '1x28x28'; Definition = {
                Conv2d 32 3; ReLU; MaxPool2d 2
                Conv2d 128 3; ReLU; MaxPool2d 2
                Flatten; Linear 2048 -Name linear1; ReLU; Dropout; Linear 2048 -Name linear2; ReLU; Dropout; Linear 10 -Name out
            }
        }
        @{ Name = 'PlainNet'; Shape = '1x28x28'; Definition = {
                Conv2d 10 5; MaxPool2d 2; ReLU
                Conv2d 20 5; MaxPool2d 2; ReLU
                Flatten; Linear 10 -Name linear
            }
        }
        @{ Name = 'HomeworkNet'; Shape = '1x28x28'; Definition = {
                Conv2d 10 5; ReLU; MaxPool2d 2
                Conv2d 20 3; ReLU; MaxPool2d 2
                Conv2d 30 2; ReLU; MaxPool2d 2
                Flatten; Linear 10 -Name linear
            }
        }
        @{ Name = 'InceptionNet'; Shape = '1x28x28'; Definition = {
                foreach ($number in 1, 2) {
                    Conv2d (10 * $number) 5; MaxPool2d 2; ReLU
                    Branch -Name "incep$number" {
                        Conv2d 16 1 -Name branch1x1
                    } {
                        Conv2d 16 1 -Name branch5x5_1; Conv2d 24 5 -Padding 2 -Name branch5x5_2
                    } {
                        Conv2d 16 1 -Name branch3x3_1; Conv2d 24 3 -Padding 1 -Name branch3x3_2; Conv2d 24 3 -Padding 1 -Name branch3x3_3
                    } {
                        AvgPool2d 3 -Stride 1 -Padding 1; Conv2d 24 1 -Name branch_pool
                    }
                }
                Flatten; Linear 10 -Name linear
            }
        }
        @{ Name = 'ResidualNet'; Shape = '1x28x28'; Definition = {
                foreach ($number in 1, 2) {
                    Conv2d (16 * $number) 5; ReLU; MaxPool2d 2
                    Residual -Name "rblock$number" { Conv2d (16 * $number) 3 -Padding 1; ReLU; Conv2d (16 * $number) 3 -Padding 1 }
                    ReLU
                }
                Flatten; Linear 10 -Name linear
            }
        }
    ) {
        $twin = $Definition ? (New-CnnModel -Name $Name -InputShape $Shape -Definition $Definition) : (Get-Example $Name $Shape)
        $zoo = New-CnnModel $Name -InputShape $Shape -Classes 10
        $twin.Parameters | Should -Be $zoo.Parameters
        $twin.Graph.MultiplyAdds | Should -Be $zoo.Graph.MultiplyAdds
        $twin.Graph.Weights.ForEach({ "$($_.Item1) $($_.Item2.Sizes) $($_.Item2.Initializer)" }) |
            Should -Be $zoo.Graph.Weights.ForEach({ "$($_.Item1) $($_.Item2.Sizes) $($_.Item2.Initializer)" })

        # The same rules in the same order draw the same weights; the losses tell whether the networks are the same too.
        $data = New-TinyMnist (Join-Path $TestDrive 'tiny')
        ($twin | Test-CnnModel -Dataset MNIST -DataPath $data).Loss | Should -Be ($zoo | Test-CnnModel -Dataset MNIST -DataPath $data).Loss
    }
}

Describe 'A network in a JSON file' {
    BeforeAll {
        $definition = { Conv2d 4 3 -Padding Same; ReLU; Residual { Conv2d 4 1 } { }; Flatten; Linear 10 }
        $json = Join-Path $TestDrive 'mine.json'
        New-CnnModel -Name mine -InputShape 1, 28, 28 -Definition $definition | Export-CnnModel -Path $json
    }

    It 'is the same network with fresh weights' {
        $read = New-CnnModel -DefinitionPath $json -Seed 4
        $made = New-CnnModel -Name mine -InputShape 1, 28, 28 -Definition $definition -Seed 4
        $read.Name, $read.Architecture, $read.Parameters | Should -Be 'mine', 'mine', $made.Parameters
        $read.Graph.Nodes.Name | Should -Be $made.Graph.Nodes.Name
        ($read | Test-CnnModel).Loss | Should -Be ($made | Test-CnnModel).Loss
    }

    It 'can be trained by its path' {
        $data = New-TinyMnist (Join-Path $TestDrive 'tiny')
        (Start-CnnTraining -Model $json -Dataset MNIST -DataPath $data -Epochs 1).Model | Should -Be 'mine'
    }

    It 'travels in a model file' {
        $path = Join-Path $TestDrive 'mine.safetensors'
        $made = New-CnnModel -Name mine -InputShape 1, 28, 28 -Definition $definition -Seed 4
        $made | Export-CnnModel -Path $path
        $read = Import-CnnModel $path
        $read.Graph.Nodes.Name | Should -Be $made.Graph.Nodes.Name
        ($read | Test-CnnModel).Loss | Should -Be ($made | Test-CnnModel).Loss
    }

    It 'is refused where <What>' -ForEach @(
        @{ What = 'it is no JSON'; Text = 'hello'; Id = 'CorruptFile' }
        @{ What = 'it is cut'; Text = '{"format":"cnntools.network","name":"a"'; Id = 'CorruptFile' }
        @{ What = 'it is another JSON'; Text = '{"format":"other","name":"a","network":{}}'; Id = 'CorruptFile' }
        @{ What = 'its network is empty'; Text = '{"format":"cnntools.network","name":"a","network":{}}'; Id = 'InvalidGraph' }
        @{ What = 'a type is unknown'; Text = '{"format":"cnntools.network","name":"a","network":{"input":[1,8,8],"nodes":[{"name":"x","layer":{"type":"System.IO.FileInfo"},"inputs":["input"]}]}}'; Id = 'InvalidGraph' }
        @{ What = 'it has a cycle'; Text = '{"format":"cnntools.network","name":"a","network":{"input":[1,8,8],"nodes":[{"name":"x","layer":{"type":"Flatten"},"inputs":["y"]},{"name":"y","layer":{"type":"Flatten"},"inputs":["x"]}]}}'; Id = 'InvalidGraph' }
    ) {
        $path = Join-Path $TestDrive 'bad.json'
        Set-Content -LiteralPath $path $Text
        New-CnnModel -DefinitionPath $path -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }

    It 'is missed where it is not' {
        New-CnnModel -DefinitionPath (Join-Path $TestDrive 'none.json') -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
    }
}
