BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Browser.psm1') -Force
    # What no browser can look at is told as skipped.
    $noBrowser = -not (Test-Browser)
    if ($noBrowser) {
        Write-Warning 'The report is not looked at in a browser: there is no chromium or no chromedriver on the PATH.'
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    $tiny = New-TinyMnist (Join-Path $TestDrive 'tiny')
    $runs = Join-Path $TestDrive 'runs'
    $fast = @{ Dataset = 'MNIST'; DataPath = $tiny; BatchSize = 20; Threads = 1; RunPath = $runs }
    # Learning rates and accuracies whose order as text is another than as numbers.
    $null = Start-CnnTraining LeNet5 @fast -Epochs 3 -ValidationSplit 0.2 -LearningRate 0.002 -RunName quick
    $null = Start-CnnTraining LeNet5 @fast -Epochs 2 -ValidationSplit 0.2 -LearningRate 0.00002 -RunName slow
    $null = New-CnnModel LeNet5 -Name '<script>alert(1)</script>' |
        Start-CnnTraining @fast -Epochs 1 -ValidationSplit 0.2 -LearningRate 0.01 -RunName 'a & "b" </script>'

    function New-Report { Join-Path $TestDrive "report-$([guid]::NewGuid().ToString('N').Substring(0, 8)).html" }

    function Copy-Run([string] $Name) {
        $root = Join-Path $TestDrive "copies-$([guid]::NewGuid().ToString('N').Substring(0, 8))"
        $null = New-Item -ItemType Directory $root
        Copy-Item -Recurse (Join-Path $runs $Name) (Join-Path $root $Name)
        Join-Path $root $Name
    }
}

Describe 'Export-CnnReport' {
    It 'writes a page of all runs, and of the best one its model' {
        $page = New-Report
        $file = Get-CnnRun $runs | Export-CnnReport $page -PassThru
        $file.FullName | Should -Be $page
        $html = Get-Content -Raw $page
        $html | Should -Match '<title>Trainings</title>'
        $html | Should -Match '3 runs, as of'
        $best = Get-CnnRun $runs | Sort-Object BestValidationAccuracy -Descending -Stable | Select-Object -First 1
        $html | Should -BeLike "*Model of $([Net.WebUtility]::HtmlEncode($best.Name))*"
        $html | Should -Match ([regex]::Escape("best.safetensors, epoch $($best.BestEpoch)"))
        $tested = Test-CnnModel -Checkpoint $best.BestCheckpoint -Dataset MNIST -DataPath $tiny
        $html | Should -Match "<dd>$($tested.Accuracy.ToString('F4', [cultureinfo]::InvariantCulture))</dd>"
        [regex]::Matches($html, '<figure class="(right|wrong)">').Count | Should -Be 12
        [regex]::Matches($html, 'title="Channel \d+ of conv\d:').Count | Should -Be (6 + 16)
    }

    It 'takes records, folders, paths and what came back from a job' {
        $root = Join-Path $TestDrive 'one'
        $records = @(Start-CnnTraining LeNet5 -Dataset MNIST -DataPath $tiny -BatchSize 20 -Threads 1 -Epochs 2 -RunPath $root -RunName one)
        $job = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($records[-1]))
        $run = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-CnnRun $root)))
        foreach ($input in @(, $records; , $job; , $run; , (Get-Item $root); , "$TestDrive/on?")) {
            $page = New-Report
            $input | Export-CnnReport $page -Inspect 0
            Get-Content -Raw $page | Should -Match '<h1>LeNet5 on MNIST</h1>\s*<p>1 run, as of'
        }

        $page = New-Report
        Export-CnnReport $page -RunPath $root, (Join-Path $root one) -Inspect 0 -Title 'Five <5>'
        Get-Content -Raw $page | Should -Match '<title>Five &lt;5&gt;</title>'
    }

    It 'shows the layers and as many images as it is asked for' {
        $page = New-Report
        Get-Item (Join-Path $runs slow) | Export-CnnReport $page -Layer fc* -Samples 5
        $html = Get-Content -Raw $page
        [regex]::Matches($html, '<figure class="(right|wrong)">').Count | Should -Be 5
        $html | Should -Match 'Channel 0 of fc1'
        $html | Should -Not -Match 'of conv1'

        $page = New-Report
        Get-Item (Join-Path $runs slow) | Export-CnnReport $page -Samples 0 -ErrorAction Stop
        [regex]::Matches((Get-Content -Raw $page), '<img|Feature maps').Count | Should -Be 0

        $page = New-Report
        Get-Item (Join-Path $runs slow) | Export-CnnReport $page -Layer nothing* -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -Match 'no layer of LeNet5 is called nothing\*'
        Get-Content -Raw $page | Should -Match 'Confusion matrix'
    }

    It 'tells what is missing, and has the rest' {
        $noCheckpoint = Copy-Run quick
        Remove-Item (Join-Path $noCheckpoint *.safetensors)
        $noLog = Copy-Run quick
        Remove-Item (Join-Path $noLog log.csv)
        $noData = Copy-Run quick
        $otherData = New-TinyMnist (Join-Path $TestDrive 'other') -Train 100
        foreach ($case in @(
                @{ Path = $noCheckpoint; Warning = 'its model is not in the report.*last.safetensors'; Model = 'nothing to show of its model'; Curves = 'id="curve-data"' }
                @{ Path = $noLog; Warning = 'its curves are not in the report.*log.csv'; Model = 'Confusion matrix'; Curves = 'no log can be read' }
                @{ Path = $noData; With = @{ DataPath = "$TestDrive/gone" }; Warning = 'its model is not in the report'; Model = 'nothing to show of its model'; Curves = 'id="curve-data"' }
                @{ Path = $noData; With = @{ DataPath = $otherData }; Warning = 'not the images that quick was trained on'; Model = 'nothing to show of its model'; Curves = 'id="curve-data"' }
                @{ Path = $noData; With = @{ Device = 'cuda:99' }; Warning = 'its model is not in the report'; Model = 'nothing to show of its model'; Curves = 'id="curve-data"' })) {
            $page = New-Report
            $with = $case.With ?? @{}
            Get-CnnRun $case.Path | Export-CnnReport $page @with -WarningVariable warned -WarningAction SilentlyContinue -ErrorAction Stop
            "$warned" | Should -Match $case.Warning
            $html = Get-Content -Raw $page
            $html | Should -Match $case.Model
            $html | Should -Match $case.Curves
            $html | Should -Match '>quick<|>quick\s'
        }
    }

    It 'has runs that failed, that still run, and that have no epoch' {
        $failed, $running = (Copy-Run slow), (Copy-Run slow)
        $manifest = Get-Content -Raw (Join-Path $failed run.json) | ConvertFrom-Json -AsHashtable
        $manifest.state = 'Failed'
        $manifest.error = @{ id = 'LossNotFinite'; message = 'The loss is <no> number'; remedy = '' }
        $manifest | ConvertTo-Json -Depth 20 | Set-Content (Join-Path $failed run.json)
        $manifest = Get-Content -Raw (Join-Path $running run.json) | ConvertFrom-Json -AsHashtable
        $manifest.state = 'Running'
        $manifest.Remove('last')
        $manifest.Remove('best')
        $manifest | ConvertTo-Json -Depth 20 | Set-Content (Join-Path $running run.json)
        Remove-Item (Join-Path $running log.csv), (Join-Path $running *.safetensors)
        $page = New-Report
        $failed, $running | Export-CnnReport $page -Inspect 2 -WarningVariable warned -WarningAction SilentlyContinue
        $warned.Count | Should -Be 1
        $html = Get-Content -Raw $page
        $html | Should -Match 'slow: The loss is &lt;no&gt; number'
        $html | Should -Match '>Interrupted'
        $html | Should -Match '0 of 2'
    }

    It 'refuses what it cannot do, and writes nothing' {
        $run = Get-CnnRun $runs | Select-Object -First 1
        foreach ($case in @(
                @{ Path = 'x.pdf'; Id = 'NoReportFormat' }
                @{ Path = 'no/such/x.html'; Id = 'FolderNotFound' }
                @{ Path = 'x.html'; With = @{ Samples = -1 }; Id = 'InvalidArgument' }
                @{ Path = 'x.html'; With = @{ Inspect = -1 }; Id = 'InvalidArgument' })) {
            $with = $case.With ?? @{}
            $run | Export-CnnReport "$TestDrive/$($case.Path)" @with -ErrorAction SilentlyContinue -ErrorVariable failure
            $failure[0].FullyQualifiedErrorId | Should -BeLike "$($case.Id),*"
        }

        @() | Export-CnnReport "$TestDrive/x.html" -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NothingToReport,*'
        $tiny | Export-CnnReport "$TestDrive/x.html" -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure.Count | Should -Be 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'NoRun,*'
        $run | Export-CnnReport "$TestDrive/x.html" -WhatIf
        "$TestDrive/x.html" | Should -Not -Exist
        $page = New-Report
        $run | Export-CnnReport $page -Inspect 0
        $run | Export-CnnReport $page -Inspect 0 -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        $run | Export-CnnReport $page -Inspect 0 -Force -ErrorAction Stop
    }
}

Describe 'A report in a browser' -Skip:$noBrowser {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Browser.psm1') -Force
        $page = New-Report
        Get-CnnRun $runs | Export-CnnReport $page
        $log = Import-Csv (Join-Path $runs quick log.csv)
        $browser = Start-Browser

        # The words of a column, from the first row down.
        function Get-Column([string] $Section, [string] $Title) {
            Invoke-Script $browser @'
                const table = document.querySelector(`#${arguments[0]} table`);
                const column = [...table.tHead.rows[0].cells].findIndex(head => head.textContent === arguments[1]);
                return [...table.tBodies[0].rows].map(row => row.cells[column].textContent.trim());
'@ $Section, $Title
        }

        # Makes a column's head the first element that #target finds.
        function Set-Target([string] $Title) {
            $null = Invoke-Script $browser @'
                document.getElementById('target')?.removeAttribute('id');
                [...document.querySelectorAll('#settings thead button')].find(button => button.textContent === arguments[0]).id = 'target';
'@ $Title
        }

        function Get-Shown { Invoke-Script $browser "return [...document.querySelectorAll('.chart .curve')].map(curve => curve.dataset.run + '/' + curve.dataset.split)" }

        # The rows of the box beside the cross.
        function Get-Tip { Invoke-Script $browser "return [...document.querySelectorAll('.tip:not([hidden]) td')].map(cell => cell.textContent)" }

        function Get-Background { Invoke-Script $browser 'return getComputedStyle(document.body).backgroundColor' }
    }

    AfterAll {
        if ($browser) {
            Stop-Browser $browser
        }
    }

    BeforeEach {
        $null = Get-ConsoleMessage $browser
        $null = Get-NetworkRequest $browser
        Open-Page $browser $page
    }

    It 'says nothing on the console, asks for nothing, and takes names for text' {
        Get-ConsoleMessage $browser | Should -BeNullOrEmpty
        Get-NetworkRequest $browser | Where-Object { $_ -notlike 'data:*' } | Should -Be "file://$page"
        Get-Column runs Model | Should -Contain '<script>alert(1)</script>'
        Invoke-Script $browser "return document.querySelectorAll('script').length" | Should -Be 2
        # The browser holds to the page's policy.
        Invoke-Script $browser "const image = document.createElement('img'); image.src = 'http://127.0.0.1:9/x.png'; document.body.append(image)"
        Invoke-Script $browser "return new Promise(done => setTimeout(done, 200))"
        Get-ConsoleMessage $browser | Should -Match 'Content Security Policy'
    }

    It 'sorts numbers as numbers, by clicks and by keys' {
        Set-Target LearningRate
        Move-Pointer $browser '#target' -Click
        Get-Column settings LearningRate | Should -Be '2E-05', '0.002', '0.01'
        Get-Column settings Run | Select-Object -First 2 | Should -Be 'slow', 'quick'
        Invoke-Script $browser "return document.querySelector('#target').closest('th').getAttribute('aria-sort')" | Should -Be ascending
        $null = Invoke-Script $browser "document.querySelector('#target').focus()"
        Send-Key $browser ([char] 0xE007)
        Get-Column settings LearningRate | Should -Be '0.01', '0.002', '2E-05'
        Invoke-Script $browser "return [...document.querySelectorAll('#settings [aria-sort]')].map(head => head.getAttribute('aria-sort'))" | Should -Be descending
        Get-Column runs Run | Should -Be (Get-CnnRun $runs).Name
    }

    It 'hides and shows a run and a split' {
        $all = Get-Shown
        $all.Count | Should -Be 18
        Move-Pointer $browser '.legend .runs input[data-key="1"]' -Click
        Get-Shown | Should -Be ($all -notlike '1/*')
        Move-Pointer $browser '.legend .splits input[data-key="2"]' -Click
        Get-Shown | Should -Be ($all -notlike '1/*' -notlike '*/2')
        Move-Pointer $browser '.legend .runs input[data-key="1"]' -Click
        Move-Pointer $browser '.legend .splits input[data-key="2"]' -Click
        Get-Shown | Should -Be $all
        Get-ConsoleMessage $browser | Should -BeNullOrEmpty
    }

    It 'shows what the log has under the mouse, and by the arrow keys' {
        # The last epoch is quick's alone.
        Move-Pointer $browser '.chart' 0.98 0.5
        $tip = Get-Tip
        Invoke-Script $browser "return document.querySelector('.tip:not([hidden]) caption').textContent" | Should -Be 'Epoch 3'
        foreach ($split in 'training', 'validation', 'test') {
            $column = @{ training = 'TrainLoss'; validation = 'ValidationLoss'; test = 'TestLoss' }[$split]
            $tip[$tip.IndexOf("quick, $split") + 1] | Should -Be ([double] $log[2].$column).ToString('F4', [cultureinfo]::InvariantCulture)
        }

        $null = Invoke-Script $browser "document.querySelectorAll('.chart')[1].focus()"
        Send-Key $browser ([char] 0xE010)
        Send-Key $browser ([char] 0xE012)
        Send-Key $browser ([char] 0xE012)
        $tip = Get-Tip
        $tip[$tip.IndexOf('quick, training') + 1] | Should -Be ([double] $log[0].TrainAccuracy).ToString('F4', [cultureinfo]::InvariantCulture)
        Send-Key $browser ([char] 0xE00C)
        Get-Tip | Should -BeNullOrEmpty
    }

    It 'draws losses on a logarithmic scale' {
        $heights = { Invoke-Script $browser "return document.querySelector('.chart .curve path').getAttribute('d')" }
        $linear = & $heights
        $null = Invoke-Script $browser "const choice = document.querySelector('select'); choice.selectedIndex = 1; choice.dispatchEvent(new Event('change'))"
        & $heights | Should -Not -Be $linear
        (Get-Shown).Count | Should -Be 18
        & $heights | Should -Not -Match 'NaN'
    }

    It 'follows the choice of light or dark, and fits a narrow window' {
        Get-Background | Should -Be 'rgb(255, 255, 255)'
        Open-Page $browser $page -Scheme dark
        Get-Background | Should -Be 'rgb(20, 24, 29)'
        Open-Page $browser $page -Width 360
        Invoke-Script $browser 'return document.documentElement.scrollWidth' | Should -BeLessOrEqual 360
        Get-ConsoleMessage $browser | Should -BeNullOrEmpty
    }

    It 'shows everything without scripts' {
        Open-Page $browser $page -NoScript
        (Get-Column runs Run) | Should -Be (Get-CnnRun $runs).Name
        Invoke-Script $browser "return document.querySelectorAll('#charts path').length" | Should -BeGreaterThan 18
        Invoke-Script $browser "return document.querySelectorAll('thead button, input, select').length" | Should -Be 0
        Invoke-Script $browser "return [...document.images].every(image => image.complete && image.naturalWidth > 0)" | Should -BeTrue
    }
}
