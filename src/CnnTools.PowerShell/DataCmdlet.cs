using System.Management.Automation;
using CnnTools.Images;
using CnnTools.Operations;

namespace CnnTools.PowerShell;

/// <summary>What cmdlets that compute on data share: where the data come from.</summary>
public abstract class DataCmdlet : CnnCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    protected sealed override void Process()
    {
        if (DataSource.FilesOf(InputObject, ResolveInput) is not { } files)
        {
            WriteObject(Apply(DataSource.Read(InputObject, nameof(InputObject))));
            return;
        }

        foreach (string path in files)
        {
            StopToken.ThrowIfCancellationRequested();
            try
            {
                WriteObject(Apply(FeatureMap.Of(ImageFile.Read(Backend.Images, path, ImageChanges.None))));
            }
            catch (CnnException exception)
            {
                // One bad file does not keep the others from being read.
                WriteError(exception.ToErrorRecord());
            }
        }
    }

    /// <summary>What is made of one input.</summary>
    protected abstract FeatureMap Apply(FeatureMap input);
}
