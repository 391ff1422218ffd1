using System.Buffers.Binary;
using CnnTools.Runs;
using Microsoft.Win32.SafeHandles;

namespace CnnTools.Weights;

/// <summary>Opens files of weights of any format: what they hold decides, not what they are called.</summary>
public static class WeightFile
{
    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="CnnException">It is missing, cannot be read, or is not valid.</exception>
    public static IWeightFile Open(string path) =>
        Open(path, PyTorchFile.Format, (file, length) => IsPyTorch(path, file, length)) ? PyTorchFile.Open(path) : SafetensorsFile.Open(path);

    /// <summary>Opens a file for a reader that keeps the handle; whatever is wrong becomes an error of ours.</summary>
    /// <param name="format">The format's name, for the message.</param>
    /// <param name="read">Given the file and its length; throws <see cref="InvalidDataException"/> where it is not valid.</param>
    internal static T Open<T>(string path, string format, Func<SafeFileHandle, long, T> read)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(FilePlace.FullPath(path));
            return read(file, RandomAccess.GetLength(file));
        }
        catch (Exception exception)
        {
            file?.Dispose();
            throw exception switch
            {
                InvalidDataException => Corrupt(path, format, exception.Message, exception),
                FileNotFoundException or DirectoryNotFoundException =>
                    Errors.FileNotFound("The file", path, "Check the path."),
                _ when Directory.Exists(path) => Errors.CannotRead(path, new IOException("it is a folder.")),
                _ when FilePlace.IsFileError(exception) => Errors.CannotRead(path, exception),
                _ => exception,
            };
        }
    }

    internal static CnnException Corrupt(string path, string format, string reason, Exception? inner = null) =>
        Errors.CorruptFile(path, format, reason, "Fetch or save it again.", inner);

    /// <exception cref="InvalidDataException">The file ends before.</exception>
    internal static byte[] Read(SafeFileHandle file, long offset, int length)
    {
        byte[] bytes = new byte[length];
        ReadFully(file, bytes, offset);
        return bytes;
    }

    /// <exception cref="InvalidDataException">The file ends before.</exception>
    internal static void ReadFully(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(file, bytes, offset);
            if (read == 0)
            {
                throw new InvalidDataException($"it ends at byte {offset}, in the middle of what it should hold");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }

    /// <summary>A zip archive or a pickle; as the length of a safetensors header both would be beyond its limit.</summary>
    private static bool IsPyTorch(string path, SafeFileHandle file, long length)
    {
        using (file)
        {
            Span<byte> start = stackalloc byte[sizeof(ulong)];
            if (length < start.Length)
            {
                return false;
            }

            ReadFully(file, start, 0);
            if (start[0] == '{' && Graphs.NetworkFile.HasName(path))
            {
                throw Errors.NoWeightsInFile(path);
            }

            return PyTorchFile.IsZip(start)
                || (start[0] == 0x80 && start[1] is >= 2 and <= 5
                    && BinaryPrimitives.ReadUInt64LittleEndian(start) > SafetensorsHeader.MaxLength);
        }
    }
}
