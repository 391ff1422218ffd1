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
        if (FilesOf(InputObject) is { } files)
        {
            Each(files, path => WriteObject(Apply(FeatureMap.Of(ImageFile.Read(Backend.Images, path, ImageChanges.None, keep: true)))));
        }
        else
        {
            WriteObject(Apply(DataSource.Read(InputObject, nameof(InputObject))));
        }
    }

    /// <summary>What is made of one input.</summary>
    protected abstract FeatureMap Apply(FeatureMap input);
}
