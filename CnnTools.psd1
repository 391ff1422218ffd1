@{
    RootModule           = 'bin/CnnTools.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '7a71a380-c25e-4307-b908-2dbd32618d74'
    Author               = 'The CnnTools authors'
    CompanyName          = 'Unknown'
    Copyright            = 'Copyright (c) 2026 The CnnTools authors'
    Description          = 'Defines, trains, tests and compares convolutional networks from the shell, on libtorch.'
    CompatiblePSEditions = @('Core')
    PowerShellVersion    = '7.6'

    FormatsToProcess     = @('CnnTools.Format.ps1xml')

    # Listed one by one: with wildcards PowerShell would load the module to complete a command's name.
    CmdletsToExport      = @(
        'Compare-CnnRun'
        'Export-CnnGraph'
        'Export-CnnImage'
        'Export-CnnImageGrid'
        'Export-CnnModel'
        'Export-CnnPlot'
        'Export-CnnReport'
        'Export-FeatureMap'
        'Find-CnnLearningRate'
        'Get-CnnActivationMap'
        'Get-CnnArchitecture'
        'Get-CnnDataset'
        'Get-CnnDevice'
        'Get-CnnFeatureMap'
        'Get-CnnImage'
        'Get-CnnLayer'
        'Get-CnnLayerStatistic'
        'Get-CnnRun'
        'Get-ConvolutionKernel'
        'Import-CnnModel'
        'Invoke-CnnLayer'
        'Invoke-CnnModel'
        'Invoke-Convolution'
        'Invoke-Pooling'
        'Measure-CnnModel'
        'Measure-CnnRun'
        'Measure-Convolution'
        'New-CnnImage'
        'New-CnnModel'
        'Remove-CnnRun'
        'Resume-CnnTraining'
        'Save-CnnDataset'
        'Start-CnnTraining'
        'Test-CnnModel'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags = @(
                'PSEdition_Core'
                'Linux'
                'MachineLearning'
                'DeepLearning'
                'CNN'
                'NeuralNetwork'
                'libtorch'
                'Training'
            )
        }
    }
}
