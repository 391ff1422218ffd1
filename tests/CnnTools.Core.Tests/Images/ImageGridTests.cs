using CnnTools.Images;

namespace CnnTools.Tests.Images;

public class ImageGridTests
{
    [Fact]
    public void Tiles_stand_in_rows_with_their_pixels_repeated()
    {
        CnnImage[] images = [.. Enumerable.Range(0, 5).Select(i => new CnnImage([(byte)i, 10, 20, 30], new(1, 2, 2)))];
        CnnImage grid = ImageGrid.Draw(images, columns: 3, scale: 2);
        Assert.Equal(new Shape(1, 4 + (2 * 8), 4 + (3 * 8)), grid.Shape);
        Assert.Equal((0, 10, 20, 30), (grid[0, 4, 4], grid[0, 5, 6], grid[0, 6, 5], grid[0, 7, 7]));
        Assert.Equal((1, 4), (grid[0, 4, 12], grid[0, 12, 12]));
        Assert.Equal((255, 255), (grid[0, 3, 4], grid[0, 12, 20]));
    }

    [Fact]
    public void Colours_are_kept_beside_grey_and_smaller_images_stand_in_the_middle()
    {
        CnnImage grid = ImageGrid.Draw(
            [CnnImage.OfColor(new(3, 4, 4), new(1, 2, 3)), new CnnImage([9], new(1, 1, 1))], columns: 10, scale: 1);
        Assert.Equal(new Shape(3, 12, 20), grid.Shape);
        Assert.Equal((1, 2, 3), (grid[0, 7, 7], grid[1, 7, 7], grid[2, 7, 7]));
        Assert.Equal((9, 9, 255), (grid[0, 5, 13], grid[2, 5, 13], grid[0, 4, 12]));
    }

    [Fact]
    public void Captions_are_written_below_and_cut_where_they_are_too_long()
    {
        CnnImage image = new([0], new(1, 1, 1)) { Label = "I" };
        CnnImage grid = ImageGrid.Draw([image], columns: 1, scale: 8);
        // The letter's stem is in the middle of its five columns.
        Assert.Equal([0, 0, 0, 0, 0, 0, 0], Enumerable.Range(14, 7).Select(row => grid[0, row, 6]));
        Assert.Equal("aut..", BitmapFont.Fit("automobile", 30));
        Assert.Equal("automobile", BitmapFont.Fit("automobile", 59));
        Assert.Equal("a", BitmapFont.Fit("automobile", 1));
    }

    [Fact]
    public void Every_letter_is_there_and_no_two_are_alike()
    {
        string[] drawn = [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(letter => Drawn((char)letter))];
        Assert.Equal(drawn.Length, drawn.Distinct().Count());
        Assert.Equal(Drawn('?'), Drawn('\u00e9'));
    }

    [Fact]
    public void Nothing_and_too_much_are_errors()
    {
        Assert.Equal("NoImagesForGrid", Assert.Throws<CnnException>(() => ImageGrid.Draw([], 1, null)).Id);
        CnnImage large = CnnImage.OfColor(new(1, 1000, 1000), default);
        CnnException error = Assert.Throws<CnnException>(() => ImageGrid.Draw([large, large], 1, 100));
        Assert.Equal("GridTooLarge", error.Id);
        Assert.Contains("-Scale", error.Remedy, StringComparison.Ordinal);
    }

    private static string Drawn(char letter) => string.Concat(
        from row in Enumerable.Range(0, BitmapFont.Height)
        from column in Enumerable.Range(0, BitmapFont.Width)
        select BitmapFont.IsSet(letter, row, column) ? '#' : '.');
}
