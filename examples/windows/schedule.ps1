#Requires -RunAsAdministrator
<#
.SYNOPSIS
Makes the folders of one side, registers its daily task, starts it once and says how it ended.

.DESCRIPTION
Run it as an administrator, with the program in C:\Program Files\ad-user-sync: first with
-FoldersOnly, then "ad-user-sync init" in the folder, then again without. It may be run
as often as you like, always with -Approvers and -Courier: who is not named can no
longer open the folders. The account is a group managed service account (docs/windows.md), so no
password is asked for or stored.

  Folder          configuration, keys, passwords: administrators change them, the account and the approvers read them
  Folder\state    what the program writes: the account and the approvers
  Folder\inbox    import: the courier brings the user file
  Folder\outbox   export: the courier fetches it

Everything in these folders is given to the administrators, and takes the list of its folder.

.EXAMPLE
.\schedule.ps1 -Side import -Account 'PLANT\svc-import$' -Approvers PLANT\import-approvers -FoldersOnly

.EXAMPLE
.\schedule.ps1 -Side import -Account 'PLANT\svc-import$' -Approvers PLANT\import-approvers -Courier PLANT\svc-courier

.EXAMPLE
.\schedule.ps1 -Side import -Account 'PLANT\svc-import$' -Once "--confirm-plan DIGEST"

Makes one run with other arguments as the account, such as one that overrides a limit.
#>
param(
    [Parameter(Mandatory)][ValidateSet("export", "import")][string]$Side,
    [Parameter(Mandatory)][string]$Account,    # as DOMAIN\name$
    [string]$Approvers,                        # group of those who decide, as DOMAIN\name
    [string]$Courier,                          # whoever carries the user file, as DOMAIN\name
    [string]$Folder = "C:\ProgramData\ad-user-sync",
    [string]$State = "$Folder\state",          # the same as -Folder keeps all in one, as earlier versions did
    [string]$Name = "ad-user-sync $Side",      # of the task: that of a second folder needs another one
    [switch]$FoldersOnly,
    [string]$Once
)

$ErrorActionPreference = "Stop"
$program = "C:\Program Files\ad-user-sync\ad-user-sync.exe"
$Folder, $State = @($Folder, $State) | ForEach-Object { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($_).TrimEnd("\") }
$administrators = [Security.Principal.SecurityIdentifier]"S-1-5-32-544" # their names differ from language to language
$system = [Security.Principal.SecurityIdentifier]"S-1-5-18"
$me = [Security.Principal.WindowsIdentity]::GetCurrent().User

function Get-Sid([string]$Name) {
    try { ([Security.Principal.NTAccount]$Name).Translate([Security.Principal.SecurityIdentifier]) }
    catch { throw "there is no account or group $Name, or its domain cannot be asked: write it as DOMAIN\name" }
}

# Gives a folder, and all in it, to the administrators, with a list that names no one
# but them, SYSTEM and those of $Rights. It is closed before what lies in it is looked at.
function Protect-Folder([string]$Path, [hashtable]$Rights) {
    New-Item -ItemType Directory -Force $Path | Out-Null
    if ((Get-Item -Force -LiteralPath $Path).Attributes -band [IO.FileAttributes]::ReparsePoint) { throw "$Path is a link: look where it leads, and remove it" }
    $owner = (Get-Acl -LiteralPath $Path).GetOwner([Security.Principal.SecurityIdentifier])
    $grants = @("*${administrators}:(OI)(CI)F", "*${system}:(OI)(CI)F") + @($Rights.Keys | ForEach-Object { "*${_}:(OI)(CI)$($Rights[$_])" })
    Invoke-Icacls (@($Path, "/setowner", "*$administrators", "/Q"))
    Invoke-Icacls (@($Path, "/reset", "/Q"))
    Invoke-Icacls (@($Path, "/inheritance:r", "/grant:r") + $grants + "/Q")
    Assert-NoLink $Path
    $inside = @(Get-ChildItem -Force -LiteralPath $Path)
    if ($inside.Count -eq 0) { return }
    if ($owner -notin $administrators, $system, $me) {
        Write-Warning "$Path belonged to $owner. It is the administrators' now; look whether all in it is yours: $($inside.Name -join ', ')"
    }
    Invoke-Icacls (@("$Path\*", "/setowner", "*$administrators", "/T", "/C", "/Q"))
    Invoke-Icacls (@("$Path\*", "/reset", "/T", "/C", "/Q"))
}

function Assert-NoLink([string]$Path) {
    foreach ($item in Get-ChildItem -Force -LiteralPath $Path) {
        if ($item.Attributes -band [IO.FileAttributes]::ReparsePoint) { throw "$($item.FullName) is a link: look where it leads, and remove it" }
        if ($item.PSIsContainer) { Assert-NoLink $item.FullName }
    }
}

function Invoke-Icacls([string[]]$Arguments) {
    $said = & icacls.exe $Arguments
    if ($LASTEXITCODE -ne 0) { throw "icacls $Arguments ended with ${LASTEXITCODE}: $said" }
}

function New-Folders {
    $single = (Test-Path "$Folder\*config.*") -and -not (Test-Path $State)
    if ($State -ne $Folder -and ($single -or (Test-Path "$Folder\*.state.json"))) {
        throw "all is in one folder, ${Folder}: move what the program writes to $State first (docs/windows.md, From one folder to two), or keep it so with -State $Folder"
    }
    $task = Get-Sid $Account
    $readers = @{ $task = "RX" }
    $writers = @{ $task = "M" }
    if ($Approvers) {
        $approver = Get-Sid $Approvers
        $readers[$approver] = "RX"
        $writers[$approver] = "M"
    }
    if ($State -eq $Folder) { Protect-Folder $Folder $writers; return }
    Protect-Folder $Folder $readers
    Protect-Folder $State $writers
    $exchange = @{ $task = "RX" }
    if ($Side -eq "export") { $exchange[$task] = "M" }
    if ($Courier) { $exchange[(Get-Sid $Courier)] = "M" }
    Protect-Folder "$Folder\$(if ($Side -eq 'import') { 'inbox' } else { 'outbox' })" $exchange
}

# Registering the source takes an administrator; the task's account is none.
function Register-EventSource {
    if ([Diagnostics.EventLog]::SourceExists("ad-user-sync")) { return }
    $source = New-Object Diagnostics.EventSourceCreationData("ad-user-sync", "Application")
    $source.MessageResourceFile = "$env:SystemRoot\System32\EventCreate.exe"
    [Diagnostics.EventLog]::CreateEventSource($source)
}

# A task of this name that works in another folder is that of another import, which would
# end without a word.
function Assert-OwnTask {
    foreach ($task in @(Get-ScheduledTask -TaskPath "\" -TaskName $Name -ErrorAction SilentlyContinue)) {
        $its = ([string]$task.Actions[0].WorkingDirectory).TrimEnd("\")
        if ($its -ne $Folder) { throw "the task $Name works in $its, not in ${Folder}: give this one another name with -Name, or remove that task first" }
    }
}

function Register-Daily {
    $escaped = @($Account, $Folder) | ForEach-Object { [Security.SecurityElement]::Escape($_) }
    $task = (Get-Content -Raw "$PSScriptRoot\$Side-task.xml").Replace("DOMAIN\ACCOUNT$", $escaped[0]).Replace("C:\ProgramData\ad-user-sync", $escaped[1])
    Register-ScheduledTask -TaskName $Name -Xml $task -Force | Out-Null
}

function Register-Once {
    $action = New-ScheduledTaskAction -Execute $program -Argument "$Side $Once" -WorkingDirectory $Folder
    $principal = New-ScheduledTaskPrincipal -UserId $Account -LogonType Password -RunLevel Limited
    Register-ScheduledTask -TaskName $Name -Action $action -Principal $principal -Force | Out-Null
}

# A task that was started is queued for a moment, and may be over before it is looked at.
function Wait-Task {
    $before = Get-ScheduledTaskInfo -TaskName $Name
    $started = Get-Date
    Start-ScheduledTask -TaskName $Name
    do {
        Start-Sleep 1
        $now = Get-ScheduledTaskInfo -TaskName $Name
        $busy = (Get-ScheduledTask -TaskName $Name).State -in "Running", "Queued"
        $begun = $begun -or $busy -or $now.LastRunTime -ne $before.LastRunTime -or $now.LastTaskResult -ne $before.LastTaskResult
        $waited = (Get-Date) - $started
        if (-not $begun -and $waited.TotalMinutes -gt 2) { throw "$Name was started and has not begun within two minutes; look at it in the Task Scheduler" }
    } while (($busy -or -not $begun) -and $waited.TotalHours -lt 5)
    if ($busy) { throw "$Name is still running; look at the log in $State" }
    [int64]$now.LastTaskResult
}

# What the Task Scheduler answers in place of the program are HRESULTs, which are no
# exit codes of a script: from 0x80000000, and its own from 0x00041300.
function Show-Result([int64]$Code) {
    if ($Code -lt 2147483648 -and ($Code -lt 267008 -or $Code -gt 267263)) {
        Write-Host "$Name ended with exit code $Code; see the log in $State"
        exit $Code
    }
    $why = ([ComponentModel.Win32Exception][int]($Code -band 65535)).Message
    if (($Code -band 65535) -eq 1385) { $why += " Give $Account the right ""Log on as a batch job""." }
    if ($Code -lt 2147483648) { $why = "The Task Scheduler ended it, or did not start it." }
    Write-Host ("{0} could not be run to its end: 0x{1:X8}. {2}" -f $Name, $Code, $why)
    exit 1
}

if (-not $FoldersOnly -and -not (Test-Path $program)) { throw "$program is missing: put the program there first" }
if ($Once) {
    $Name = "$Name once"
    try {
        Register-Once
        $code = Wait-Task
    } finally {
        Unregister-ScheduledTask -TaskName $Name -Confirm:$false -ErrorAction SilentlyContinue
    }
    Show-Result $code
}
Assert-OwnTask
New-Folders
Register-EventSource
if ($FoldersOnly) {
    Write-Host "the folders are ready; go on in $Folder with: ad-user-sync init $Side"
    exit 0
}
Register-Daily
Show-Result (Wait-Task)
