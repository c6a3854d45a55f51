# Adds the text of one event to what goes to the helper. InputObject: the event, which may know the file and
# line that it came from.
function Add-HelperFeed {
    param($Feed, [string] $Text, [AllowNull()] $InputObject)

    Add-SourceLine -Map $Feed.Sources -InputObject $InputObject
    if ($Text.IndexOf("`n", [System.StringComparison]::Ordinal) -ge 0) {
        $Text = $Text.Replace("`r", ' ').Replace("`n", ' ')
    }
    $bytes = [System.Text.Encoding]::UTF8.GetBytes($Text)
    $Feed.Batch.Write($bytes, 0, $bytes.Length)
    $Feed.Batch.WriteByte(10)
}
