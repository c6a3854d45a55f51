# The status of a record in the words of findings; null for one that says neither.
function ConvertTo-Outcome {
    param([AllowNull()] $Status)

    $text = [string]$Status
    if ($text.StartsWith('succe', [System.StringComparison]::OrdinalIgnoreCase)) {
        return 'Succeeded'
    }
    foreach ($word in 'fail', 'cancel') {
        if ($text.StartsWith($word, [System.StringComparison]::OrdinalIgnoreCase)) {
            return 'Failed'
        }
    }
    foreach ($word in 'start', 'accept', 'begin') {
        if ($text.StartsWith($word, [System.StringComparison]::OrdinalIgnoreCase)) {
            return 'Started'
        }
    }
    return $null
}
