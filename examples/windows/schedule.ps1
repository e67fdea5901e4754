# Registers the daily tasks; run it once as an administrator, on each side the
# line of that side. The accounts are group managed service accounts, so no
# password is asked for or stored.
#
#   schtasks /Create /TN "ad-user-sync export" /XML export-task.xml /RU "CORP\svc-export$" /RP ""
#
# does the same without PowerShell.

param([Parameter(Mandatory)][ValidateSet("export", "import")][string]$Side)

$ErrorActionPreference = "Stop"
$program = "C:\Program Files\ad-user-sync\ad-user-sync.exe"
$folder = "C:\ProgramData\ad-user-sync"

# The folder holds key, ledger and resolutions: administrators and the task's
# own account alone.
$account = if ($Side -eq "export") { "CORP\svc-export$" } else { "PLANT\svc-import$" }
New-Item -ItemType Directory -Force $folder | Out-Null
icacls $folder /inheritance:r /grant "*S-1-5-32-544:(OI)(CI)F" "*S-1-5-18:(OI)(CI)F" "${account}:(OI)(CI)M" | Out-Null

# Try the configuration before the task is there.
if ($Side -eq "export") {
    & $program export --config "$folder\export_config.json" --preview
} else {
    & $program import --config "$folder\import_config.json" --dry-run --format text
}
if ($LASTEXITCODE -ne 0) { throw "ad-user-sync ended with $LASTEXITCODE" }

Register-ScheduledTask -TaskName "ad-user-sync $Side" -Xml (Get-Content -Raw "$PSScriptRoot\$Side-task.xml") -Force
