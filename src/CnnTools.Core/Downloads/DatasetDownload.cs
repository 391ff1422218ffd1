using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using CnnTools.Data;
using CnnTools.Runs;

namespace CnnTools.Downloads;

/// <summary>
/// Where a data set is published, and what its files are. The digests are those that torchvision and TensorFlow Datasets
/// check too.
/// </summary>
/// <param name="Name">Of the catalog.</param>
/// <param name="Folder">The folder below the data folder that its files go to.</param>
/// <param name="Address">What the files' names are added to.</param>
/// <param name="Members">What is taken out of a .tar.gz archive; empty where the files are used as they are.</param>
public sealed record DatasetDownload(
    string Name, string Folder, Uri Address, ImmutableArray<RemoteFile> Files, ImmutableArray<string> Members)
{
    public static ImmutableArray<DatasetDownload> All { get; } =
    [
        // The address of the authors no longer answers; PyTorch keeps the same bytes.
        new("MNIST", "mnist", new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        [
            new("train-images-idx3-ubyte.gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            new("train-labels-idx1-ubyte.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            new("t10k-images-idx3-ubyte.gz", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            new("t10k-labels-idx1-ubyte.gz", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
        ], []),
        new("FashionMNIST", "fashionmnist", new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
        [
            new("train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            new("train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            new("t10k-images-idx3-ubyte.gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            new("t10k-labels-idx1-ubyte.gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
        ], []),
        OfCifar(CifarDataset.Cifar10,
            new("cifar-10-binary.tar.gz", 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")),
        OfCifar(CifarDataset.Cifar100,
            new("cifar-100-binary.tar.gz", 168_513_733, "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")),
    ];

    /// <exception cref="CnnException">No such data set is fetched.</exception>
    public static DatasetDownload Get(string name) =>
        All.FirstOrDefault(download => download.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw Errors.UnknownName("Dataset", name, All.Select(download => download.Name));

    /// <summary>Fetches what is not there yet, and unpacks it.</summary>
    /// <param name="source">The address to fetch from in place of the usual one.</param>
    /// <param name="root">The data folder.</param>
    /// <param name="replace">Whether files that are there and are not as they should be are replaced.</param>
    /// <exception cref="CnnException">As <see cref="FileDownload.Fetch"/>; or FileExists, where others' files are in the way.</exception>
    public IEnumerable<DownloadProgress> Save(HttpClient client, Uri? source, string root, bool replace, CancellationToken stop)
    {
        string folder = Path.Combine(root, Folder);
        if (!replace && Members.Length > 0 && Members.All(member => File.Exists(Path.Combine(folder, member))))
        {
            yield break;
        }

        FileDownload download = new(client);
        foreach (RemoteFile file in Files)
        {
            string path = Path.Combine(folder, file.Name);
            if (!FileDownload.IsThere(file, path, stop))
            {
                if (File.Exists(path) && !replace)
                {
                    throw Errors.FileExists(path, "It is another file than the published one: use -Force to replace it, or another -DataPath.");
                }

                foreach (DownloadProgress progress in download.Fetch(new(source ?? Address, file.Name), file, folder, stop))
                {
                    yield return progress;
                }
            }

            if (Members.Length > 0)
            {
                Unpack(path, folder, stop);
            }
        }
    }

    private static DatasetDownload OfCifar(CifarDataset set, RemoteFile archive) => new(
        set.Name, set.Folders[0], new("https://www.cs.toronto.edu/~kriz/"), [archive],
        [.. set.TrainFiles, set.TestFile, set.NamesFile]);

    /// <summary>Takes the members by their names alone: no path in an archive leads out of the folder. The archive goes.</summary>
    private void Unpack(string archive, string folder, CancellationToken stop)
    {
        HashSet<string> missing = new(Members, StringComparer.Ordinal);
        try
        {
            using FileStream file = File.OpenRead(archive);
            using GZipStream inflated = new(file, CompressionMode.Decompress);
            using TarReader tar = new(inflated);
            while (missing.Count > 0 && tar.GetNextEntry() is { } entry)
            {
                if (entry is { DataStream: { } content } && missing.Remove(Path.GetFileName(entry.Name)))
                {
                    AtomicFile.Write(Path.Combine(folder, Path.GetFileName(entry.Name)), to => content.CopyToAsync(to, stop).GetAwaiter().GetResult());
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw Errors.CorruptFile(archive, ".tar.gz", error.Message.TrimEnd('.'), "Delete it and fetch it again.", error);
        }
        catch (Exception error) when (FilePlace.IsFileError(error))
        {
            throw Errors.CannotRead(archive, error);
        }

        if (missing.Count > 0)
        {
            throw Errors.CorruptFile(archive, ".tar.gz", $"it lacks {Text.List(missing)}", "Delete it and fetch it again.");
        }

        try
        {
            File.Delete(archive);
        }
        catch (Exception error) when (FilePlace.IsFileError(error))
        {
            throw Errors.CannotWrite(archive, error);
        }
    }
}
