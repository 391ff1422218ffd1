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
        if (Files is null)
        {
            WriteObject(Apply(DataSource.Read(InputObject, nameof(InputObject))));
            return;
        }

        foreach (string path in Files)
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

    /// <summary>The files that text, which may have wildcards, or a file object stands for; null where it is neither.</summary>
    private IEnumerable<string>? Files => (InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject) switch
    {
        string path => ResolveInput(path),
        FileInfo file => [file.FullName],
        _ => null,
    };
}
