using System.Management.Automation;
using CnnTools.Data;
using CnnTools.Downloads;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Save, "CnnDataset", SupportsShouldProcess = true)]
[OutputType(typeof(DirectoryInfo))]
public sealed class SaveCnnDatasetCommand : CnnCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(DownloadCompleter))]
    public string Dataset { get; set; } = "";

    [Parameter]
    public string? DataPath { get; set; }

    [Parameter]
    public string? Source { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void Process()
    {
        DatasetDownload download = DatasetDownload.Get(Dataset);
        Uri? source = string.IsNullOrEmpty(Source) ? null : ParseSource(Source);
        string root = DataFolder.Resolve(ResolveOptional(DataPath));
        string folder = Path.Combine(root, download.Folder);
        if (!ShouldProcess(folder, $"Save {download.Name} from {source ?? download.Address}"))
        {
            return;
        }

        DownloadProgressBar bar = new(this, $"Saving {download.Name}");
        try
        {
            using HttpClient client = FileDownload.CreateClient();
            foreach (DownloadProgress progress in download.Save(client, source, root, Force, StopToken))
            {
                StopToken.ThrowIfCancellationRequested();
                bar.Show(progress);
            }
        }
        finally
        {
            bar.Complete();
        }

        WriteVerbose($"{download.Name} is in '{folder}'.");
        if (PassThru)
        {
            WriteItem(folder);
        }
    }

    /// <summary>An address that names are added to, so it ends with a slash.</summary>
    private static Uri ParseSource(string source) =>
        Uri.TryCreate(source.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? address
            : throw Errors.InvalidArgument(nameof(Source), source, "an address that begins with http:// or https://");
}
