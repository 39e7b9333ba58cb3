<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>Cheeseboard</name>
    <message>
      <source>"{owner}" is the name of your own token. Choose another.</source>
      <translation>„{owner}“ heißt Ihr eigenes Token. Bitte einen anderen Namen wählen.</translation>
    </message>
    <message>
      <source>.whl and .tar.gz files, or a whole dist/ folder. Originals stay where they are.</source>
      <translation>.whl- und .tar.gz-Dateien oder ein ganzer dist/-Ordner. Die Originale bleiben, wo sie sind.</translation>
    </message>
    <message>
      <source>1  Add packages</source>
      <translation>1  Pakete hinzufügen</translation>
    </message>
    <message>
      <source>1 colleague</source>
      <translation>1 Kollege</translation>
    </message>
    <message>
      <source>1 download</source>
      <translation>1 Download</translation>
    </message>
    <message>
      <source>1 file</source>
      <translation>1 Datei</translation>
    </message>
    <message>
      <source>1 file not taken in</source>
      <translation>1 Datei nicht aufgenommen</translation>
    </message>
    <message>
      <source>1 file of the folder couldn’t be read and is not part of what was built. The log names it.</source>
      <translation>1 Datei des Ordners war nicht lesbar und ist nicht Teil des Ergebnisses. Das Protokoll nennt sie.</translation>
    </message>
    <message>
      <source>1 more file is broken.</source>
      <translation>1 weitere Datei ist defekt.</translation>
    </message>
    <message>
      <source>1 package</source>
      <translation>1 Paket</translation>
    </message>
    <message>
      <source>1 thing needs your attention.</source>
      <translation>Um eine Sache sollten Sie sich kümmern.</translation>
    </message>
    <message>
      <source>1 was skipped.</source>
      <translation>1 wurde übersprungen.</translation>
    </message>
    <message>
      <source>2  Serve on LAN</source>
      <translation>2  Im LAN bereitstellen</translation>
    </message>
    <message>
      <source>3  Give colleagues the address</source>
      <translation>3  Adresse weitergeben</translation>
    </message>
    <message>
      <source>A camera leads to the page for people at this address: packages, and how to use them.</source>
      <translation>Eine Kamera führt zur Seite für Menschen an dieser Adresse: die Pakete und wie man sie benutzt.</translation>
    </message>
    <message>
      <source>A change takes effect at once; setup lines sent before stop working.</source>
      <translation>Gilt sofort; früher verschickte Einrichtungszeilen gelten dann nicht mehr.</translation>
    </message>
    <message>
      <source>A colleague pastes one into a terminal. Send it by a chat or mail that you both trust: the fingerprint in it is what their computer goes by.</source>
      <translation>Ein Kollege fügt eine davon in ein Terminal ein. Am besten über einen Chat oder eine Mail senden, denen beide trauen: Nach dem Fingerabdruck darin richtet sich der andere Computer.</translation>
    </message>
    <message>
      <source>A file published with a token may be as large as this.</source>
      <translation>So groß darf eine Datei sein, die mit einem Token veröffentlicht wird.</translation>
    </message>
    <message>
      <source>A folder for the new repository</source>
      <translation>Ein Ordner für das neue Repository</translation>
    </message>
    <message>
      <source>A line break is in the path that would be started, so nothing was changed.</source>
      <translation>Der Pfad, der gestartet würde, enthält einen Zeilenumbruch; es wurde nichts geändert.</translation>
    </message>
    <message>
      <source>A name is needed.</source>
      <translation>Ein Name ist nötig.</translation>
    </message>
    <message>
      <source>A pre-release: taken with --pre, or when asked for exactly.</source>
      <translation>Eine Vorabversion: nur mit --pre oder wenn genau sie verlangt wird.</translation>
    </message>
    <message>
      <source>A program’s name or path; Python 3.11 or newer.</source>
      <translation>Name oder Pfad eines Programms; Python 3.11 oder neuer.</translation>
    </message>
    <message>
      <source>A token expires after 1 to {most_days} days, not {days}.</source>
      <translation>Ein Token läuft nach 1 bis {most_days} Tagen ab, nicht nach {days}.</translation>
    </message>
    <message>
      <source>A token needs a name, to tell it from others: whom or what it is for.</source>
      <translation>Ein Token braucht einen Namen, der es von anderen unterscheidet: für wen oder wofür es ist.</translation>
    </message>
    <message>
      <source>A token of your own goes into the keyring that {detail} opens.</source>
      <translation>Ein eigenes Token kommt in den Schlüsselbund, den {detail} öffnet.</translation>
    </message>
    <message>
      <source>A token's name has at most {longest_name} characters.</source>
      <translation>Der Name eines Tokens hat höchstens {longest_name} Zeichen.</translation>
    </message>
    <message>
      <source>About this package</source>
      <translation>Über dieses Paket</translation>
    </message>
    <message>
      <source>Active</source>
      <translation>Aktiv</translation>
    </message>
    <message>
      <source>Activity</source>
      <translation>Aktivität</translation>
    </message>
    <message>
      <source>Add a folder…</source>
      <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
      <source>Add all packages of a folder</source>
      <translation>Alle Pakete eines Ordners hinzufügen</translation>
    </message>
    <message>
      <source>Add files</source>
      <translation>Dateien hinzufügen</translation>
    </message>
    <message>
      <source>Add files…</source>
      <translation>Hinzufügen …</translation>
    </message>
    <message>
      <source>Add that file instead</source>
      <translation>Stattdessen diese Datei hinzufügen</translation>
    </message>
    <message>
      <source>Add this repository's address to the list in that file, or take the list out.</source>
      <translation>Die Adresse dieses Repositorys in die Liste jener Datei eintragen oder die Liste herausnehmen.</translation>
    </message>
    <message>
      <source>Add those {what} instead</source>
      <translation>Stattdessen diese {what} hinzufügen</translation>
    </message>
    <message>
      <source>Add {host} to NO_PROXY.</source>
      <translation>{host} in NO_PROXY aufnehmen.</translation>
    </message>
    <message>
      <source>Added</source>
      <translation>Hinzugefügt</translation>
    </message>
    <message>
      <source>Added {n} of {total} files.</source>
      <translation>{n} von {total} Dateien hinzugefügt.</translation>
    </message>
    <message>
      <source>Added {packages}</source>
      <translation>{packages} hinzugefügt</translation>
    </message>
    <message>
      <source>Added {project} {version}</source>
      <translation>{project} {version} hinzugefügt</translation>
    </message>
    <message>
      <source>Added {project} {version} (1 file).</source>
      <translation>{project} {version} hinzugefügt (1 Datei).</translation>
    </message>
    <message>
      <source>Adding files…</source>
      <translation>Dateien werden hinzugefügt …</translation>
    </message>
    <message>
      <source>Adding what was built of {name}…</source>
      <translation>Ergebnis von {name} wird hinzugefügt …</translation>
    </message>
    <message>
      <source>Adding {done} of {total}: {file}</source>
      <translation>{done} von {total}: {file}</translation>
    </message>
    <message>
      <source>Adding {file}…</source>
      <translation>{file} wird hinzugefügt …</translation>
    </message>
    <message>
      <source>Address</source>
      <translation>Adresse</translation>
    </message>
    <message>
      <source>Address as QR code</source>
      <translation>Adresse als QR-Code</translation>
    </message>
    <message>
      <source>Address copied</source>
      <translation>Adresse kopiert</translation>
    </message>
    <message>
      <source>Address to show</source>
      <translation>Gezeigte Adresse</translation>
    </message>
    <message>
      <source>All files (*)</source>
      <translation>Alle Dateien (*)</translation>
    </message>
    <message>
      <source>All well: {read}, each as it was recorded.</source>
      <translation>Alles in Ordnung: {read}, jede wie verzeichnet.</translation>
    </message>
    <message>
      <source>All {n} files are already here. Nothing changed.</source>
      <translation>Alle {n} Dateien sind schon da. Nichts wurde geändert.</translation>
    </message>
    <message>
      <source>All, or names with commas between</source>
      <translation>Alle, oder Namen mit Kommas dazwischen</translation>
    </message>
    <message>
      <source>Already here by name: {files}.</source>
      <translation>Dem Namen nach schon hier: {files}.</translation>
    </message>
    <message>
      <source>Also the rules kept for some packages</source>
      <translation>Auch die gemerkten Regeln für einzelne Pakete</translation>
    </message>
    <message>
      <source>And {n} more.</source>
      <translation>Und {n} weitere.</translation>
    </message>
    <message>
      <source>Announce this repository on the network</source>
      <translation>Dieses Repository im Netzwerk ankündigen</translation>
    </message>
    <message>
      <source>Another Cheeseboard is changing installers' configuration.</source>
      <translation>Ein anderes Cheeseboard ändert gerade die Konfiguration der Installationsprogramme.</translation>
    </message>
    <message>
      <source>Another Cheeseboard is changing the tokens. Try again.</source>
      <translation>Ein anderes Cheeseboard ändert gerade die Tokens. Bitte noch einmal versuchen.</translation>
    </message>
    <message>
      <source>Another Cheeseboard keeps {directory} busy, or it can't be written to.</source>
      <translation>Ein anderes Cheeseboard hält {directory} belegt, oder dorthin kann nicht geschrieben werden.</translation>
    </message>
    <message>
      <source>Another process is at work on {path}.</source>
      <translation>Ein anderer Prozess arbeitet an {path}.</translation>
    </message>
    <message>
      <source>Another program, which does not speak HTTPS, listens on {host}, port {port}.</source>
      <translation>Ein anderes Programm, das kein HTTPS spricht, lauscht auf {host}, Port {port}.</translation>
    </message>
    <message>
      <source>Another version was asked for.</source>
      <translation>Eine andere Version wurde verlangt.</translation>
    </message>
    <message>
      <source>Any Python</source>
      <translation>Jedes Python</translation>
    </message>
    <message>
      <source>Anybody who reaches this repository may read it again.</source>
      <translation>Wer dieses Repository erreicht, darf es wieder lesen.</translation>
    </message>
    <message>
      <source>Anyone can download</source>
      <translation>Alle können laden</translation>
    </message>
    <message>
      <source>Anyone on it can download these packages</source>
      <translation>Alle darin können diese Pakete laden</translation>
    </message>
    <message>
      <source>Anyone on this network can download these packages. Publishing needs a token, always.</source>
      <translation>Jeder in diesem Netzwerk kann diese Pakete herunterladen. Zum Veröffentlichen ist immer ein Token nötig.</translation>
    </message>
    <message>
      <source>Appearance</source>
      <translation>Erscheinungsbild</translation>
    </message>
    <message>
      <source>Apr</source>
      <translation>Apr.</translation>
    </message>
    <message>
      <source>Archived</source>
      <translation>Archiviert</translation>
    </message>
    <message>
      <source>Asking your other indexes: {done} of {total}</source>
      <translation>Die anderen Indexe werden gefragt: {done} von {total}</translation>
    </message>
    <message>
      <source>Asking your other indexes…</source>
      <translation>Die anderen Indexe werden gefragt …</translation>
    </message>
    <message>
      <source>Asking {tool}…</source>
      <translation>{tool} wird gefragt …</translation>
    </message>
    <message>
      <source>Asks for {wants}, this is {python}.</source>
      <translation>Verlangt {wants}, das hier ist {python}.</translation>
    </message>
    <message>
      <source>At least; it is 30 or more.</source>
      <translation>Mindestens; es sind 30 oder mehr.</translation>
    </message>
    <message>
      <source>Aug</source>
      <translation>Aug.</translation>
    </message>
    <message>
      <source>Author</source>
      <translation>Autor</translation>
    </message>
    <message>
      <source>Back to the packages</source>
      <translation>Zurück zu den Paketen</translation>
    </message>
    <message>
      <source>Back up and restore</source>
      <translation>Sichern und wiederherstellen</translation>
    </message>
    <message>
      <source>Back up into a new file</source>
      <translation>In eine neue Datei sichern</translation>
    </message>
    <message>
      <source>Back up…</source>
      <translation>Sichern …</translation>
    </message>
    <message>
      <source>Backed up {files} into {name} ({size}).</source>
      <translation>{files} in {name} gesichert ({size}).</translation>
    </message>
    <message>
      <source>Backing up file {done} of {total}</source>
      <translation>Datei {done} von {total} wird gesichert</translation>
    </message>
    <message>
      <source>Backing up…</source>
      <translation>Es wird gesichert …</translation>
    </message>
    <message>
      <source>Backups (*.cheeseboard.tar *.cheeseboard.tar.zst)</source>
      <translation>Sicherungen (*.cheeseboard.tar *.cheeseboard.tar.zst)</translation>
    </message>
    <message>
      <source>Backups (*.tar *.zst)</source>
      <translation>Sicherungen (*.tar *.zst)</translation>
    </message>
    <message>
      <source>Build</source>
      <translation>Bauen</translation>
    </message>
    <message>
      <source>Build again</source>
      <translation>Erneut bauen</translation>
    </message>
    <message>
      <source>Build and add</source>
      <translation>Bauen und hinzufügen</translation>
    </message>
    <message>
      <source>Build log</source>
      <translation>Bauprotokoll</translation>
    </message>
    <message>
      <source>Build log of {what}</source>
      <translation>Bauprotokoll von {what}</translation>
    </message>
    <message>
      <source>Build {what} from this folder?</source>
      <translation>{what} aus diesem Ordner bauen?</translation>
    </message>
    <message>
      <source>Building runs the projects’ own code on this computer.</source>
      <translation>Beim Bauen läuft der eigene Code der Projekte auf diesem Computer.</translation>
    </message>
    <message>
      <source>Building runs the project’s own code on this computer.</source>
      <translation>Beim Bauen läuft der eigene Code des Projekts auf diesem Computer.</translation>
    </message>
    <message>
      <source>Building {name}: installing what its build requires…</source>
      <translation>{name} wird gebaut: Voraussetzungen werden installiert …</translation>
    </message>
    <message>
      <source>Building {name}: making an isolated environment…</source>
      <translation>{name} wird gebaut: isolierte Umgebung wird angelegt …</translation>
    </message>
    <message>
      <source>Building {name}: source archive…</source>
      <translation>{name} wird gebaut: Quellarchiv …</translation>
    </message>
    <message>
      <source>Building {name}: wheel…</source>
      <translation>{name} wird gebaut: Wheel …</translation>
    </message>
    <message>
      <source>Can't change {place}: {cause}.</source>
      <translation>{place} lässt sich nicht ändern: {cause}.</translation>
    </message>
    <message>
      <source>Can't listen on {host}, port {port}: {cause}.</source>
      <translation>Auf {host}, Port {port}, kann nicht bereitgestellt werden: {cause}.</translation>
    </message>
    <message>
      <source>Can't look through {folder}: {cause}.</source>
      <translation>{folder} lässt sich nicht durchsehen: {cause}.</translation>
    </message>
    <message>
      <source>Can't make the folder {folder}: {cause}.</source>
      <translation>Der Ordner {folder} lässt sich nicht anlegen: {cause}.</translation>
    </message>
    <message>
      <source>Can't read the catalog of {folder}: another process is writing it. Try again later.</source>
      <translation>Der Katalog von {folder} ist nicht lesbar: Ein anderer Prozess schreibt ihn gerade. Bitte später noch einmal versuchen.</translation>
    </message>
    <message>
      <source>Can't read {filename}: {cause}.</source>
      <translation>{filename} ist nicht lesbar: {cause}.</translation>
    </message>
    <message>
      <source>Can't remove {path}: {cause}.</source>
      <translation>{path} lässt sich nicht entfernen: {cause}.</translation>
    </message>
    <message>
      <source>Can't use the catalog of {folder}: {cause}.</source>
      <translation>Der Katalog von {folder} ist nicht benutzbar: {cause}.</translation>
    </message>
    <message>
      <source>Can't use the managed folder {folder}: {cause}.</source>
      <translation>Der verwaltete Ordner {folder} ist nicht benutzbar: {cause}.</translation>
    </message>
    <message>
      <source>Can't use {path}: {cause}.</source>
      <translation>{path} ist nicht benutzbar: {cause}.</translation>
    </message>
    <message>
      <source>Can't write in {directory}: {cause}.</source>
      <translation>In {directory} kann nicht geschrieben werden: {cause}.</translation>
    </message>
    <message>
      <source>Can't write {path}: {cause}.</source>
      <translation>{path} kann nicht geschrieben werden: {cause}.</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Cancelled after {read}. Nothing wrong was found so far.</source>
      <translation>Abgebrochen: {read}. Bis dahin war alles in Ordnung.</translation>
    </message>
    <message>
      <source>Cancelled. Names that were asked for are remembered.</source>
      <translation>Abgebrochen. Was schon gefragt wurde, bleibt bekannt.</translation>
    </message>
    <message>
      <source>Cancelled. Nothing was added.</source>
      <translation>Abgebrochen. Nichts wurde hinzugefügt.</translation>
    </message>
    <message>
      <source>Cancelled. Nothing was built.</source>
      <translation>Abgebrochen. Nichts wurde gebaut.</translation>
    </message>
    <message>
      <source>Cancelled. Nothing was changed and nothing is left of it.</source>
      <translation>Abgebrochen. Nichts wurde geändert, und nichts bleibt davon zurück.</translation>
    </message>
    <message>
      <source>Cancelling…</source>
      <translation>Wird abgebrochen …</translation>
    </message>
    <message>
      <source>Can’t serve this repository</source>
      <translation>Dieses Repository kann nicht bereitgestellt werden</translation>
    </message>
    <message>
      <source>Can’t write to the managed folder: it is read-only. What it holds stays as it is.</source>
      <translation>In den verwalteten Ordner kann nicht geschrieben werden: Er ist schreibgeschützt. Sein Inhalt bleibt, wie er ist.</translation>
    </message>
    <message>
      <source>Can’t write to the managed folder: the disk is full.</source>
      <translation>In den verwalteten Ordner kann nicht geschrieben werden: Der Datenträger ist voll.</translation>
    </message>
    <message>
      <source>Changes are kept at once.</source>
      <translation>Änderungen gelten sofort.</translation>
    </message>
    <message>
      <source>Check again</source>
      <translation>Erneut prüfen</translation>
    </message>
    <message>
      <source>Check every file</source>
      <translation>Jede Datei prüfen</translation>
    </message>
    <message>
      <source>Check now</source>
      <translation>Jetzt prüfen</translation>
    </message>
    <message>
      <source>Check that both computers are on the same network and that no firewall blocks port {port}.</source>
      <translation>Prüfen, ob beide Computer im selben Netzwerk sind und keine Firewall Port {port} sperrt.</translation>
    </message>
    <message>
      <source>Check the files</source>
      <translation>Dateien prüfen</translation>
    </message>
    <message>
      <source>Check these names on your other indexes</source>
      <translation>Diese Namen in den anderen Indexen prüfen</translation>
    </message>
    <message>
      <source>Checking every file…</source>
      <translation>Jede Datei wird geprüft …</translation>
    </message>
    <message>
      <source>Checking file {done} of {total} · {read} of {size}</source>
      <translation>Datei {done} von {total} wird geprüft · {read} von {size}</translation>
    </message>
    <message>
      <source>Checking tells the indexes that your pip asks besides what your packages are called.</source>
      <translation>Das Prüfen verrät den Indexen, die pip hier außerdem fragt, wie diese Pakete heißen.</translation>
    </message>
    <message>
      <source>Checking that the address answers.</source>
      <translation>Es wird geprüft, ob die Adresse antwortet.</translation>
    </message>
    <message>
      <source>Checking that {tool} gets packages from here…</source>
      <translation>Prüfe, ob {tool} Pakete von hier erhält …</translation>
    </message>
    <message>
      <source>Cheeseboard can't configure {name}. It knows {known}.</source>
      <translation>Cheeseboard kann {name} nicht einrichten. Es kennt {known}.</translation>
    </message>
    <message>
      <source>Cheeseboard can’t start</source>
      <translation>Cheeseboard kann nicht starten</translation>
    </message>
    <message>
      <source>Cheeseboard ended unexpectedly the last time. Your packages are safe.</source>
      <translation>Cheeseboard wurde beim letzten Mal unerwartet beendet. Die Pakete sind sicher.</translation>
    </message>
    <message>
      <source>Cheeseboard knows no lines for {tool}.</source>
      <translation>Für {tool} kennt Cheeseboard keine Zeilen.</translation>
    </message>
    <message>
      <source>Cheeseboard's record of what it wrote for installers, {path}, can't be used: {cause}.</source>
      <translation>Das Verzeichnis dessen, was Cheeseboard für Installationsprogramme schrieb, {path}, ist nicht benutzbar: {cause}.</translation>
    </message>
    <message>
      <source>Cheeseboard: {state}</source>
      <translation>Cheeseboard: {state}</translation>
    </message>
    <message>
      <source>Choose a backup</source>
      <translation>Sicherung auswählen</translation>
    </message>
    <message>
      <source>Choose a folder…</source>
      <translation>Ordner auswählen …</translation>
    </message>
    <message>
      <source>Choose an empty folder for the restored repository</source>
      <translation>Leeren Ordner für das wiederhergestellte Repository auswählen</translation>
    </message>
    <message>
      <source>Choose what the other server keeps</source>
      <translation>Ordner des anderen Servers auswählen</translation>
    </message>
    <message>
      <source>Clean up old releases</source>
      <translation>Alte Versionen aufräumen</translation>
    </message>
    <message>
      <source>Clear search</source>
      <translation>Suche leeren</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Close activity</source>
      <translation>Aktivität schließen</translation>
    </message>
    <message>
      <source>Colleagues can go on installing. Quit from this icon’s menu.</source>
      <translation>Kollegen können weiter installieren. Beenden lässt es sich im Menü dieses Symbols.</translation>
    </message>
    <message>
      <source>Colleagues can’t see this repository yet.</source>
      <translation>Kollegen sehen dieses Repository noch nicht.</translation>
    </message>
    <message>
      <source>Colleagues can’t see this repository yet. Press Serve on LAN first.</source>
      <translation>Kollegen sehen dieses Repository noch nicht. Zuerst „Im LAN bereitstellen“ drücken.</translation>
    </message>
    <message>
      <source>Colleagues reach this repository at {address}</source>
      <translation>Kollegen erreichen dieses Repository unter {address}</translation>
    </message>
    <message>
      <source>Command copied</source>
      <translation>Befehl kopiert</translation>
    </message>
    <message>
      <source>Computer</source>
      <translation>Computer</translation>
    </message>
    <message>
      <source>Connections are encrypted and verified. The certificate is trusted by these installers only, not by your browser or system, and it is valid for this computer’s names alone.</source>
      <translation>Verbindungen sind verschlüsselt und geprüft. Dem Zertifikat vertrauen nur diese Installationsprogramme, weder Browser noch System, und es gilt allein für die Namen dieses Computers.</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>Kopieren</translation>
    </message>
    <message>
      <source>Copy SHA-256</source>
      <translation>SHA-256 kopieren</translation>
    </message>
    <message>
      <source>Copy address</source>
      <translation>Adresse kopieren</translation>
    </message>
    <message>
      <source>Copy file</source>
      <translation>Datei kopieren</translation>
    </message>
    <message>
      <source>Copy install command</source>
      <translation>Installationsbefehl kopieren</translation>
    </message>
    <message>
      <source>Copy log</source>
      <translation>Protokoll kopieren</translation>
    </message>
    <message>
      <source>Copy path</source>
      <translation>Pfad kopieren</translation>
    </message>
    <message>
      <source>Copy setup line</source>
      <translation>Einrichtungszeile kopieren</translation>
    </message>
    <message>
      <source>Copy setup line for Windows</source>
      <translation>Einrichtungszeile für Windows kopieren</translation>
    </message>
    <message>
      <source>Copy token</source>
      <translation>Token kopieren</translation>
    </message>
    <message>
      <source>Copy {files}</source>
      <translation>{files} kopieren</translation>
    </message>
    <message>
      <source>Copy: {what}</source>
      <translation>Kopieren: {what}</translation>
    </message>
    <message>
      <source>Copying {name}…</source>
      <translation>{name} wird kopiert …</translation>
    </message>
    <message>
      <source>Correct the uv.toml that it names.</source>
      <translation>Die genannte uv.toml berichtigen.</translation>
    </message>
    <message>
      <source>Create</source>
      <translation>Anlegen</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>Dunkel</translation>
    </message>
    <message>
      <source>Days in the Trash</source>
      <translation>Tage im Papierkorb</translation>
    </message>
    <message>
      <source>Days to keep pre-releases</source>
      <translation>Tage, die Vorabversionen bleiben</translation>
    </message>
    <message>
      <source>Dec</source>
      <translation>Dez.</translation>
    </message>
    <message>
      <source>Delete for good</source>
      <translation>Endgültig löschen</translation>
    </message>
    <message>
      <source>Delete {what} for good?</source>
      <translation>{what} endgültig löschen?</translation>
    </message>
    <message>
      <source>Deleted {what} for good.</source>
      <translation>{what} endgültig gelöscht.</translation>
    </message>
    <message>
      <source>Dependencies</source>
      <translation>Abhängigkeiten</translation>
    </message>
    <message>
      <source>Deprecated</source>
      <translation>Veraltet</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Details</translation>
    </message>
    <message>
      <source>Diagnostics</source>
      <translation>Diagnose</translation>
    </message>
    <message>
      <source>Diagnostics copied.</source>
      <translation>Diagnose kopiert.</translation>
    </message>
    <message>
      <source>Diagnostics…</source>
      <translation>Diagnose …</translation>
    </message>
    <message>
      <source>Dismiss</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Downloads</source>
      <translation>Downloads</translation>
    </message>
    <message>
      <source>Downloads under way may finish.</source>
      <translation>Laufende Downloads dürfen zu Ende gehen.</translation>
    </message>
    <message>
      <source>Drop files here</source>
      <translation>Dateien hier ablegen</translation>
    </message>
    <message>
      <source>Drop pre-releases older than this many days</source>
      <translation>Vorabversionen entfernen, die älter sind als so viele Tage:</translation>
    </message>
    <message>
      <source>Drop to add 1 file</source>
      <translation>Ablegen, um 1 Datei hinzuzufügen</translation>
    </message>
    <message>
      <source>Drop to add these packages</source>
      <translation>Ablegen, um diese Pakete hinzuzufügen</translation>
    </message>
    <message>
      <source>Drop to add {n} files</source>
      <translation>Ablegen, um {n} Dateien hinzuzufügen</translation>
    </message>
    <message>
      <source>Drop to search these folders</source>
      <translation>Ablegen, um diese Ordner zu durchsuchen</translation>
    </message>
    <message>
      <source>Drop to search this folder</source>
      <translation>Ablegen, um diesen Ordner zu durchsuchen</translation>
    </message>
    <message>
      <source>Drop wheels or source archives here</source>
      <translation>Wheels oder Quellarchive hier ablegen</translation>
    </message>
    <message>
      <source>Empty the Trash…</source>
      <translation>Papierkorb leeren …</translation>
    </message>
    <message>
      <source>Everything is in place already.</source>
      <translation>Alles ist schon eingerichtet.</translation>
    </message>
    <message>
      <source>Expires</source>
      <translation>Läuft ab</translation>
    </message>
    <message>
      <source>Feb</source>
      <translation>Feb.</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <source>Files</source>
      <translation>Dateien</translation>
    </message>
    <message>
      <source>Files and verdicts</source>
      <translation>Dateien und Urteile</translation>
    </message>
    <message>
      <source>Files not taken in</source>
      <translation>Nicht aufgenommene Dateien</translation>
    </message>
    <message>
      <source>Files that would go to the Trash</source>
      <translation>Dateien, die in den Papierkorb kämen</translation>
    </message>
    <message>
      <source>Find out by itself</source>
      <translation>selbst herausfinden</translation>
    </message>
    <message>
      <source>Fingerprint</source>
      <translation>Fingerabdruck</translation>
    </message>
    <message>
      <source>First, once: it sets uv up, too</source>
      <translation>Zuerst, einmal: richtet auch uv ein</translation>
    </message>
    <message>
      <source>First: write the certificates into this directory</source>
      <translation>Zuerst: die Zertifikate in dieses Verzeichnis schreiben</translation>
    </message>
    <message>
      <source>For Linux and macOS</source>
      <translation>Für Linux und macOS</translation>
    </message>
    <message>
      <source>For Windows</source>
      <translation>Für Windows</translation>
    </message>
    <message>
      <source>For when you ask for help. It is made on this computer and sent to nobody. Keys, tokens, your name and your home directory are left out; read it before you pass it on.</source>
      <translation>Für den Fall, dass Hilfe nötig ist. Sie entsteht auf diesem Computer und wird niemandem geschickt. Schlüssel, Tokens, Name und Benutzerordner fehlen darin; bitte vor dem Weitergeben lesen.</translation>
    </message>
    <message>
      <source>Forget</source>
      <translation>Vergessen</translation>
    </message>
    <message>
      <source>Hide</source>
      <translation>Ausblenden</translation>
    </message>
    <message>
      <source>High contrast</source>
      <translation>Hoher Kontrast</translation>
    </message>
    <message>
      <source>How to fix</source>
      <translation>Abhilfe</translation>
    </message>
    <message>
      <source>If a name exists both here and on the public index, the higher version is installed, wherever it comes from. Give your own packages names of their own.</source>
      <translation>Gibt es einen Namen hier und im öffentlichen Index, wird die höhere Version installiert, woher sie auch kommt. Eigene Pakete brauchen eigene Namen.</translation>
    </message>
    <message>
      <source>In a year</source>
      <translation>In einem Jahr</translation>
    </message>
    <message>
      <source>In {n} days</source>
      <translation>In {n} Tagen</translation>
    </message>
    <message>
      <source>Indexes: {names}.</source>
      <translation>Indizes: {names}.</translation>
    </message>
    <message>
      <source>Install {tool}, or go on: it will read this file once it is there.</source>
      <translation>{tool} installieren oder fortfahren: Sobald es da ist, liest es diese Datei.</translation>
    </message>
    <message>
      <source>Install {tool}, or open a terminal in which it works and try there.</source>
      <translation>{tool} installieren, oder es in einem Terminal versuchen, in dem es läuft.</translation>
    </message>
    <message>
      <source>Installers on this computer will look here, too. You see every line before it is written; Undo brings each file back byte for byte.</source>
      <translation>Installer auf diesem Computer schauen dann auch hier nach. Sie sehen jede Zeile, bevor sie geschrieben wird; Rückgängig bringt jede Datei Byte für Byte zurück.</translation>
    </message>
    <message>
      <source>Installers then take it only when somebody asks for exactly this version. The file stays, and you can take this back at any time.</source>
      <translation>Installiert wird sie dann nur noch, wenn jemand genau diese Version verlangt. Die Datei bleibt, und es lässt sich jederzeit zurücknehmen.</translation>
    </message>
    <message>
      <source>Intel and ARM64</source>
      <translation>Intel und ARM64</translation>
    </message>
    <message>
      <source>Is this safe?</source>
      <translation>Ist das sicher?</translation>
    </message>
    <message>
      <source>It can be installed; no new versions are expected.</source>
      <translation>Es lässt sich installieren; neue Versionen sind nicht zu erwarten.</translation>
    </message>
    <message>
      <source>It can be installed; something else should be used instead.</source>
      <translation>Es lässt sich installieren; etwas anderes sollte an seine Stelle treten.</translation>
    </message>
    <message>
      <source>It could not be saved: {why}.</source>
      <translation>Speichern ging nicht: {why}.</translation>
    </message>
    <message>
      <source>It holds a file whose name Windows can't make, so it can't be installed there.</source>
      <translation>Es enthält eine Datei, deren Namen Windows nicht anlegen kann; dort lässt es sich nicht installieren.</translation>
    </message>
    <message>
      <source>It holds the certificate authority’s key: keep it like a password.</source>
      <translation>Sie enthält den Schlüssel der Zertifizierungsstelle: Hüten Sie sie wie ein Passwort.</translation>
    </message>
    <message>
      <source>It is built in a copy, so the folder stays as it is.</source>
      <translation>Gebaut wird in einer Kopie; der Ordner bleibt, wie er ist.</translation>
    </message>
    <message>
      <source>It is shown only now. Tools give it as the password, with __token__ as the user name.</source>
      <translation>Es wird nur jetzt gezeigt. Programme geben es als Passwort an, mit __token__ als Benutzernamen.</translation>
    </message>
    <message>
      <source>It is:</source>
      <translation>Es ist:</translation>
    </message>
    <message>
      <source>It may be harmful: installers are offered none of its files.</source>
      <translation>Es könnte schädlich sein: Keine seiner Dateien wird angeboten.</translation>
    </message>
    <message>
      <source>It shows what it will change, writes it, proves that it works and says how to undo it.</source>
      <translation>Sie zeigt, was sie ändern wird, schreibt es, beweist, dass es geht, und sagt, wie man es zurücknimmt.</translation>
    </message>
    <message>
      <source>It was done, but can't be noted for `undo` in {path}: {cause}.</source>
      <translation>Es ist geschehen, lässt sich aber in {path} nicht für `undo` vermerken: {cause}.</translation>
    </message>
    <message>
      <source>It would do, but {detail} suits better.</source>
      <translation>Sie ginge auch, aber {detail} passt besser.</translation>
    </message>
    <message>
      <source>Its Requires-Python isn't valid, so it is left out of the index: some installers would not see the file.</source>
      <translation>Sein Requires-Python ist ungültig und fehlt deshalb im Index: Manche Installer sähen die Datei sonst nicht.</translation>
    </message>
    <message>
      <source>Its metadata is unusual.</source>
      <translation>Seine Metadaten sind ungewöhnlich.</translation>
    </message>
    <message>
      <source>Its name can’t be read.</source>
      <translation>Ihr Name ist nicht lesbar.</translation>
    </message>
    <message>
      <source>Jan</source>
      <translation>Jan.</translation>
    </message>
    <message>
      <source>Jul</source>
      <translation>Juli</translation>
    </message>
    <message>
      <source>Jun</source>
      <translation>Juni</translation>
    </message>
    <message>
      <source>Just now</source>
      <translation>Gerade eben</translation>
    </message>
    <message>
      <source>Keep existing</source>
      <translation>Vorhandene behalten</translation>
    </message>
    <message>
      <source>Keep in order</source>
      <translation>In Ordnung halten</translation>
    </message>
    <message>
      <source>Keep only this many releases of each package</source>
      <translation>Von jedem Paket nur so viele Versionen behalten:</translation>
    </message>
    <message>
      <source>Keep the token in my keyring, not in a file</source>
      <translation>Das Token in meinem Schlüsselbund aufbewahren, nicht in einer Datei</translation>
    </message>
    <message>
      <source>Kept the existing {file}.</source>
      <translation>Die vorhandene {file} wurde behalten.</translation>
    </message>
    <message>
      <source>Keywords</source>
      <translation>Stichwörter</translation>
    </message>
    <message>
      <source>Largest upload, MB</source>
      <translation>Größte Übertragung, MB</translation>
    </message>
    <message>
      <source>Last checked: {when}</source>
      <translation>Zuletzt geprüft: {when}</translation>
    </message>
    <message>
      <source>Last used</source>
      <translation>Zuletzt benutzt</translation>
    </message>
    <message>
      <source>Latest</source>
      <translation>Neueste</translation>
    </message>
    <message>
      <source>Leave it</source>
      <translation>Nicht übernehmen</translation>
    </message>
    <message>
      <source>Let Cheeseboard choose</source>
      <translation>Cheeseboard wählen lassen</translation>
    </message>
    <message>
      <source>Let this computer trust it, or set {detail} for {tool}.</source>
      <translation>Diesen Computer ihm vertrauen lassen oder {detail} für {tool} setzen.</translation>
    </message>
    <message>
      <source>License</source>
      <translation>Lizenz</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>Hell</translation>
    </message>
    <message>
      <source>Like the system</source>
      <translation>Wie das System</translation>
    </message>
    <message>
      <source>Line copied.</source>
      <translation>Zeile kopiert.</translation>
    </message>
    <message>
      <source>Links</source>
      <translation>Links</translation>
    </message>
    <message>
      <source>Linux and macOS</source>
      <translation>Linux und macOS</translation>
    </message>
    <message>
      <source>Linux x86-64 with musl (Alpine)</source>
      <translation>Linux x86-64 mit musl (Alpine)</translation>
    </message>
    <message>
      <source>Linux {machine} ({library} {version} or newer)</source>
      <translation>Linux {machine} ({library} {version} oder neuer)</translation>
    </message>
    <message>
      <source>Listed but missing there: {files}.</source>
      <translation>Verzeichnet, dort aber nicht vorhanden: {files}.</translation>
    </message>
    <message>
      <source>Log copied.</source>
      <translation>Protokoll kopiert.</translation>
    </message>
    <message>
      <source>Look again</source>
      <translation>Erneut prüfen</translation>
    </message>
    <message>
      <source>Look at the log, and tell us.</source>
      <translation>Ins Protokoll sehen und uns davon berichten.</translation>
    </message>
    <message>
      <source>Look at the project's files: Python version and platform must fit.</source>
      <translation>Die Dateien des Projekts ansehen: Python-Version und Plattform müssen passen.</translation>
    </message>
    <message>
      <source>Look at the window: it says what is wrong with the folder.</source>
      <translation>Ins Fenster sehen: Es sagt, was mit dem Ordner nicht stimmt.</translation>
    </message>
    <message>
      <source>Look at what {tool} said.</source>
      <translation>Ansehen, was {tool} gemeldet hat.</translation>
    </message>
    <message>
      <source>Looking at the folder, the server and the installers…</source>
      <translation>Ordner, Server und Installationsprogramme werden geprüft …</translation>
    </message>
    <message>
      <source>Looking through {folder}…</source>
      <translation>{folder} wird durchgesehen …</translation>
    </message>
    <message>
      <source>Made for something else: {runs}.</source>
      <translation>Für etwas anderes gemacht: {runs}.</translation>
    </message>
    <message>
      <source>Make a token</source>
      <translation>Token ausstellen</translation>
    </message>
    <message>
      <source>Managed folder</source>
      <translation>Verwalteter Ordner</translation>
    </message>
    <message>
      <source>Mar</source>
      <translation>März</translation>
    </message>
    <message>
      <source>May</source>
      <translation>Darf</translation>
    </message>
    <message>
      <source>Menu</source>
      <translation>Menü</translation>
    </message>
    <message>
      <source>More about sharing</source>
      <translation>Mehr zum Teilen</translation>
    </message>
    <message>
      <source>More for these packages</source>
      <translation>Mehr für diese Pakete</translation>
    </message>
    <message>
      <source>More ways…</source>
      <translation>Weitere Wege …</translation>
    </message>
    <message>
      <source>Move here from another server</source>
      <translation>Von einem anderen Server umziehen</translation>
    </message>
    <message>
      <source>Move package to the Trash</source>
      <translation>Paket in den Papierkorb legen</translation>
    </message>
    <message>
      <source>Move packages to the Trash</source>
      <translation>Pakete in den Papierkorb legen</translation>
    </message>
    <message>
      <source>Move to Trash</source>
      <translation>In den Papierkorb</translation>
    </message>
    <message>
      <source>Move to the Trash</source>
      <translation>In den Papierkorb legen</translation>
    </message>
    <message>
      <source>Moved {what} to the Trash.</source>
      <translation>{what} in den Papierkorb gelegt.</translation>
    </message>
    <message>
      <source>Moving to the Trash: {done} of {total}</source>
      <translation>In den Papierkorb: {done} von {total}</translation>
    </message>
    <message>
      <source>Moving to the Trash…</source>
      <translation>In den Papierkorb …</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Needs</source>
      <translation>Braucht</translation>
    </message>
    <message>
      <source>Never</source>
      <translation>Nie</translation>
    </message>
    <message>
      <source>New repository…</source>
      <translation>Neues Repository …</translation>
    </message>
    <message>
      <source>No package, version or file has all these words.</source>
      <translation>Kein Paket, keine Version und keine Datei enthält alle diese Wörter.</translation>
    </message>
    <message>
      <source>No packages yet</source>
      <translation>Noch keine Pakete</translation>
    </message>
    <message>
      <source>No pip was found that could be asked.</source>
      <translation>Es wurde kein pip gefunden, das gefragt werden könnte.</translation>
    </message>
    <message>
      <source>No rule is ticked, so nothing would go.</source>
      <translation>Keine Regel ist gewählt, also bliebe alles.</translation>
    </message>
    <message>
      <source>No token yet</source>
      <translation>Noch kein Token</translation>
    </message>
    <message>
      <source>No wheels or source archives were found there.</source>
      <translation>Dort wurden weder Wheels noch Quellarchive gefunden.</translation>
    </message>
    <message>
      <source>No {tool} was found, so nothing could be tried.</source>
      <translation>{tool} wurde nicht gefunden, darum konnte nichts versucht werden.</translation>
    </message>
    <message>
      <source>Nobody can install from this repository now.</source>
      <translation>Niemand kann jetzt aus diesem Repository installieren.</translation>
    </message>
    <message>
      <source>Nobody serves the repository now, so nobody could join. Run `cheeseboard serve --lan`, or press Serve on LAN in the window.</source>
      <translation>Das Repository wird gerade nicht bereitgestellt, also kann niemand beitreten. `cheeseboard serve --lan` ausführen oder im Fenster „Im LAN bereitstellen“ drücken.</translation>
    </message>
    <message>
      <source>Nobody yet</source>
      <translation>Noch niemand</translation>
    </message>
    <message>
      <source>None of your packages’ names exists there: nothing is taken for yours.</source>
      <translation>Keiner der Paketnamen kommt dort vor: Nichts kann verwechselt werden.</translation>
    </message>
    <message>
      <source>None. It installs on its own.</source>
      <translation>Keine. Es lässt sich allein installieren.</translation>
    </message>
    <message>
      <source>Not checked yet</source>
      <translation>Noch nicht geprüft</translation>
    </message>
    <message>
      <source>Not serving</source>
      <translation>Nicht bereitgestellt</translation>
    </message>
    <message>
      <source>Nothing fits: pip says “No matching distribution found” on Python {python}, {system}. The reason stands beside each file.</source>
      <translation>Nichts passt: pip meldet „No matching distribution found“ auf Python {python}, {system}. Der Grund steht neben jeder Datei.</translation>
    </message>
    <message>
      <source>Nothing found</source>
      <translation>Nichts gefunden</translation>
    </message>
    <message>
      <source>Nothing has happened yet.</source>
      <translation>Noch ist nichts geschehen.</translation>
    </message>
    <message>
      <source>Nothing here can be added</source>
      <translation>Nichts davon lässt sich hinzufügen</translation>
    </message>
    <message>
      <source>Nothing here happens by itself, and every clean-up can be undone.</source>
      <translation>Nichts davon geschieht von selbst, und jedes Aufräumen lässt sich zurücknehmen.</translation>
    </message>
    <message>
      <source>Nothing is served at {detail} now, so {tool} would wait for it.</source>
      <translation>Unter {detail} wird jetzt nichts bereitgestellt, darum würde {tool} darauf warten.</translation>
    </message>
    <message>
      <source>Nothing is served that a colleague could join.</source>
      <translation>Es wird nichts bereitgestellt, dem ein Kollege beitreten könnte.</translation>
    </message>
    <message>
      <source>Nothing listens on {host}, port {port}: serving has stopped.</source>
      <translation>Auf {host}, Port {port}, lauscht niemand: Es wird nicht mehr bereitgestellt.</translation>
    </message>
    <message>
      <source>Nothing special: it can be installed and gets new versions.</source>
      <translation>Nichts Besonderes: Es lässt sich installieren und erhält neue Versionen.</translation>
    </message>
    <message>
      <source>Nothing to undo: Cheeseboard has not changed {name}'s configuration.</source>
      <translation>Nichts rückgängig zu machen: Cheeseboard hat die Konfiguration von {name} nicht geändert.</translation>
    </message>
    <message>
      <source>Nothing was fetched from {host}. Download the file, then drop it here.</source>
      <translation>Von {host} wurde nichts geladen. Bitte die Datei herunterladen und dann hier ablegen.</translation>
    </message>
    <message>
      <source>Nothing would go to the Trash.</source>
      <translation>Nichts käme in den Papierkorb.</translation>
    </message>
    <message>
      <source>Nothing: this package is quarantined.</source>
      <translation>Nichts: Dieses Paket ist in Quarantäne.</translation>
    </message>
    <message>
      <source>Nov</source>
      <translation>Nov.</translation>
    </message>
    <message>
      <source>OK</source>
      <translation>OK</translation>
    </message>
    <message>
      <source>Oct</source>
      <translation>Okt.</translation>
    </message>
    <message>
      <source>Older than {detail}.</source>
      <translation>Älter als {detail}.</translation>
    </message>
    <message>
      <source>On the repository's own computer, repeat `cheeseboard use {tool}`. Elsewhere, ask for a new token.</source>
      <translation>Auf dem Computer des Repositorys `cheeseboard use {tool}` wiederholen. Anderswo um ein neues Token bitten.</translation>
    </message>
    <message>
      <source>One file holds all packages, yanks and upload times. A backup comes back into an empty folder, beside this repository.</source>
      <translation>Eine einzige Datei enthält alle Pakete, Rückzüge und Zeiten. Wiederhergestellt wird in einen leeren Ordner, neben diesem Repository.</translation>
    </message>
    <message>
      <source>One file of yours gets the lines shown below. pip then asks this repository besides the public index; your virtual environments and installed packages stay as they are.</source>
      <translation>Eine eigene Datei erhält die Zeilen unten. pip fragt dann neben dem öffentlichen Index auch dieses Repository; virtuelle Umgebungen und installierte Pakete bleiben, wie sie sind.</translation>
    </message>
    <message>
      <source>One install</source>
      <translation>Einmal installieren</translation>
    </message>
    <message>
      <source>Only on this computer</source>
      <translation>Nur auf diesem Computer</translation>
    </message>
    <message>
      <source>Only search it for packages</source>
      <translation>Nur nach Paketen durchsuchen</translation>
    </message>
    <message>
      <source>Only those to whom you gave a token can download packages. Connections are encrypted.</source>
      <translation>Nur wer ein Token bekommen hat, kann Pakete herunterladen. Die Verbindungen sind verschlüsselt.</translation>
    </message>
    <message>
      <source>Open folder</source>
      <translation>Ordner öffnen</translation>
    </message>
    <message>
      <source>Open in browser</source>
      <translation>Im Browser öffnen</translation>
    </message>
    <message>
      <source>Open it</source>
      <translation>Öffnen</translation>
    </message>
    <message>
      <source>Open managed folder</source>
      <translation>Verwalteten Ordner öffnen</translation>
    </message>
    <message>
      <source>Other computers trust its key: whoever has such a backup can pose as this repository.</source>
      <translation>Andere Computer vertrauen ihrem Schlüssel: Wer so eine Sicherung hat, kann sich als dieses Repository ausgeben.</translation>
    </message>
    <message>
      <source>Other indexes have higher versions of {detail}: {tool} would install those instead of ours.</source>
      <translation>Andere Indexe haben höhere Versionen von {detail}: {tool} würde diese statt unserer installieren.</translation>
    </message>
    <message>
      <source>Package</source>
      <translation>Paket</translation>
    </message>
    <message>
      <source>Packages</source>
      <translation>Pakete</translation>
    </message>
    <message>
      <source>Packages (*.whl *.tar.gz *.zip)</source>
      <translation>Pakete (*.whl *.tar.gz *.zip)</translation>
    </message>
    <message>
      <source>Packages in it are sorted into a directory for each project. Other files stay untouched.</source>
      <translation>Pakete darin werden nach Projekten in Verzeichnisse sortiert. Andere Dateien bleiben unberührt.</translation>
    </message>
    <message>
      <source>Paste files</source>
      <translation>Dateien einfügen</translation>
    </message>
    <message>
      <source>Paste once; pip and uv look here from then on</source>
      <translation>Einmal einfügen; pip und uv suchen von da an auch hier</translation>
    </message>
    <message>
      <source>Port</source>
      <translation>Port</translation>
    </message>
    <message>
      <source>Port {port} is in use by another program.</source>
      <translation>Port {port} wird von einem anderen Programm benutzt.</translation>
    </message>
    <message>
      <source>Preferences</source>
      <translation>Einstellungen</translation>
    </message>
    <message>
      <source>Preferences…</source>
      <translation>Einstellungen …</translation>
    </message>
    <message>
      <source>Programs that read this file give the token to any server at {detail}, whatever its port. It can read packages there, and nothing else.</source>
      <translation>Programme, die diese Datei lesen, geben das Token jedem Server auf {detail}, gleich an welchem Port. Es kann dort Pakete lesen und sonst nichts.</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <source>Projects to build</source>
      <translation>Zu bauende Projekte</translation>
    </message>
    <message>
      <source>Publishing always needs a token. Give each person or machine one of its own: then you can take back one without the others.</source>
      <translation>Zum Veröffentlichen ist immer ein Token nötig. Jede Person oder Maschine erhält am besten ein eigenes: So lässt sich eines ohne die anderen zurücknehmen.</translation>
    </message>
    <message>
      <source>Put it back from a backup, or remove its directory: then a new authority is made, and installers and colleagues need its certificate.</source>
      <translation>Aus einer Sicherung zurückholen oder ihr Verzeichnis entfernen: Dann entsteht eine neue Zertifizierungsstelle, und Installationsprogramme und Kollegen brauchen deren Zertifikat.</translation>
    </message>
    <message>
      <source>Python</source>
      <translation>Python</translation>
    </message>
    <message>
      <source>Python for builds</source>
      <translation>Python zum Bauen</translation>
    </message>
    <message>
      <source>Python {versions}</source>
      <translation>Python {versions}</translation>
    </message>
    <message>
      <source>QR code</source>
      <translation>QR-Code</translation>
    </message>
    <message>
      <source>QR code of {address}</source>
      <translation>QR-Code von {address}</translation>
    </message>
    <message>
      <source>Quarantined</source>
      <translation>In Quarantäne</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>Beenden</translation>
    </message>
    <message>
      <source>README</source>
      <translation>README</translation>
    </message>
    <message>
      <source>Reading needs a token now. Installers that look here already need to be told again, with theirs.</source>
      <translation>Lesen erfordert jetzt ein Token. Installationsprogramme, die schon hier suchen, müssen mit ihrem neu eingerichtet werden.</translation>
    </message>
    <message>
      <source>Reading needs a token, so it asks for theirs.</source>
      <translation>Lesen erfordert ein Token, also fragt sie danach.</translation>
    </message>
    <message>
      <source>Reading needs a token, too</source>
      <translation>Auch zum Lesen ist ein Token nötig</translation>
    </message>
    <message>
      <source>Reading needs a token: pip asks for the user, __token__, and the password, the token.</source>
      <translation>Lesen erfordert ein Token: pip fragt nach dem Benutzer, __token__, und dem Passwort, dem Token.</translation>
    </message>
    <message>
      <source>Reading the packages in the managed folder. You can already drop more.</source>
      <translation>Die Pakete im verwalteten Ordner werden gelesen. Weitere lassen sich schon ablegen.</translation>
    </message>
    <message>
      <source>Reading this repository needs a token, and {tool} gave none that is valid.</source>
      <translation>Dieses Repository zu lesen erfordert ein Token, und {tool} hat kein gültiges vorgelegt.</translation>
    </message>
    <message>
      <source>Reading what was found…</source>
      <translation>Das Gefundene wird gelesen …</translation>
    </message>
    <message>
      <source>Reads each file and compares it with its fingerprint, to find what a disk or a program changed unnoticed. With many gigabytes it takes minutes; you can go on working.</source>
      <translation>Liest jede Datei und vergleicht sie mit ihrem Fingerabdruck, um zu finden, was ein Datenträger oder ein Programm unbemerkt verändert hat. Bei vielen Gigabyte dauert das Minuten; Sie können weiterarbeiten.</translation>
    </message>
    <message>
      <source>Reason, for those who ask for it (may stay empty)</source>
      <translation>Grund, für alle, die danach fragen (darf leer bleiben)</translation>
    </message>
    <message>
      <source>Releases and files</source>
      <translation>Versionen und Dateien</translation>
    </message>
    <message>
      <source>Releases to keep</source>
      <translation>Versionen, die bleiben</translation>
    </message>
    <message>
      <source>Remember this for this repository</source>
      <translation>Für dieses Repository merken</translation>
    </message>
    <message>
      <source>Remove it from {tool}’s configuration when nothing else needs it.</source>
      <translation>Aus der Konfiguration von {tool} entfernen, wenn nichts anderes sie braucht.</translation>
    </message>
    <message>
      <source>Remove {detail} from your shell’s start-up file and open a new terminal, or add our certificate to the file it names.</source>
      <translation>{detail} aus der Startdatei der Shell entfernen und ein neues Terminal öffnen, oder unser Zertifikat in die genannte Datei aufnehmen.</translation>
    </message>
    <message>
      <source>Remove {detail} from your shell’s start-up file and open a new terminal, or write the lines above into the file it names.</source>
      <translation>{detail} aus der Startdatei der Shell entfernen und ein neues Terminal öffnen, oder die Zeilen oben in die genannte Datei schreiben.</translation>
    </message>
    <message>
      <source>Remove {detail} from your shell’s start-up file and open a new terminal.</source>
      <translation>{detail} aus der Startdatei der Shell entfernen und ein neues Terminal öffnen.</translation>
    </message>
    <message>
      <source>Remove {detail} when nothing else needs it.</source>
      <translation>{detail} entfernen, wenn nichts anderes es braucht.</translation>
    </message>
    <message>
      <source>Remove {detail}, or add the address above to it.</source>
      <translation>{detail} entfernen oder die Adresse oben hinzufügen.</translation>
    </message>
    <message>
      <source>Removed</source>
      <translation>Entfernt</translation>
    </message>
    <message>
      <source>Removed files</source>
      <translation>Entfernte Dateien</translation>
    </message>
    <message>
      <source>Rename the project, give it a higher version, or let {tool} look only here.</source>
      <translation>Das Projekt umbenennen, ihm eine höhere Version geben oder {tool} nur hier suchen lassen.</translation>
    </message>
    <message>
      <source>Replace</source>
      <translation>Ersetzen</translation>
    </message>
    <message>
      <source>Replace all {n}</source>
      <translation>Alle {n} ersetzen</translation>
    </message>
    <message>
      <source>Replaced {file}. The former one is in the Trash.</source>
      <translation>{file} ersetzt. Die frühere liegt im Papierkorb.</translation>
    </message>
    <message>
      <source>Replaced {what}. The former ones are in the Trash.</source>
      <translation>{what} ersetzt. Die früheren liegen im Papierkorb.</translation>
    </message>
    <message>
      <source>Repositories</source>
      <translation>Repositorys</translation>
    </message>
    <message>
      <source>Repositories on this network</source>
      <translation>Repositorys in diesem Netzwerk</translation>
    </message>
    <message>
      <source>Restore</source>
      <translation>Wiederherstellen</translation>
    </message>
    <message>
      <source>Restore a backup…</source>
      <translation>Sicherung wiederherstellen …</translation>
    </message>
    <message>
      <source>Restored {files} into {folder}.</source>
      <translation>{files} in {folder} wiederhergestellt.</translation>
    </message>
    <message>
      <source>Restored {what}.</source>
      <translation>{what} wiederhergestellt.</translation>
    </message>
    <message>
      <source>Restoring file {done} of {total}</source>
      <translation>Datei {done} von {total} wird wiederhergestellt</translation>
    </message>
    <message>
      <source>Restoring…</source>
      <translation>Es wird wiederhergestellt …</translation>
    </message>
    <message>
      <source>Result</source>
      <translation>Ergebnis</translation>
    </message>
    <message>
      <source>Reverse the order</source>
      <translation>Reihenfolge umkehren</translation>
    </message>
    <message>
      <source>Review {file}</source>
      <translation>{file} ansehen</translation>
    </message>
    <message>
      <source>Revoke</source>
      <translation>Widerrufen</translation>
    </message>
    <message>
      <source>Revoke {names}?</source>
      <translation>{names} widerrufen?</translation>
    </message>
    <message>
      <source>Revoked {names}.</source>
      <translation>{names} widerrufen.</translation>
    </message>
    <message>
      <source>Revoke…</source>
      <translation>Widerrufen …</translation>
    </message>
    <message>
      <source>Run `cheeseboard trust install`, or set this repository as an index again.</source>
      <translation>`cheeseboard trust install` ausführen, oder dieses Repository erneut als Index eintragen.</translation>
    </message>
    <message>
      <source>Run `pip config debug` and correct the file that it names.</source>
      <translation>`pip config debug` ausführen und die genannte Datei berichtigen.</translation>
    </message>
    <message>
      <source>Run `uv python install`, then check again.</source>
      <translation>`uv python install` ausführen, dann erneut prüfen.</translation>
    </message>
    <message>
      <source>Save diagnostics</source>
      <translation>Diagnose speichern</translation>
    </message>
    <message>
      <source>Saved {file}.</source>
      <translation>{file} gespeichert.</translation>
    </message>
    <message>
      <source>Save…</source>
      <translation>Speichern …</translation>
    </message>
    <message>
      <source>Scanning…</source>
      <translation>Wird durchsucht …</translation>
    </message>
    <message>
      <source>Search</source>
      <translation>Suche</translation>
    </message>
    <message>
      <source>Search packages</source>
      <translation>Pakete suchen</translation>
    </message>
    <message>
      <source>Search {what}  (Ctrl+F)</source>
      <translation>{what} durchsuchen  (Strg+F)</translation>
    </message>
    <message>
      <source>Selected package</source>
      <translation>Ausgewähltes Paket</translation>
    </message>
    <message>
      <source>Selected packages</source>
      <translation>Ausgewählte Pakete</translation>
    </message>
    <message>
      <source>Sep</source>
      <translation>Sept.</translation>
    </message>
    <message>
      <source>Serve on LAN</source>
      <translation>Im LAN bereitstellen</translation>
    </message>
    <message>
      <source>Serve on another port.</source>
      <translation>An einem anderen Port bereitstellen.</translation>
    </message>
    <message>
      <source>Serving on your network</source>
      <translation>Im Netzwerk bereitgestellt</translation>
    </message>
    <message>
      <source>Set as extra index</source>
      <translation>Als Zusatzindex setzen</translation>
    </message>
    <message>
      <source>Set pip up first</source>
      <translation>Erst pip einrichten</translation>
    </message>
    <message>
      <source>Set this computer's clock, then start serving again.</source>
      <translation>Die Uhr dieses Computers stellen, dann erneut bereitstellen.</translation>
    </message>
    <message>
      <source>Set this repository as an index again, or correct what names that file.</source>
      <translation>Dieses Repository erneut als Index eintragen, oder berichtigen, was jene Datei nennt.</translation>
    </message>
    <message>
      <source>Set this repository as an index, and look for another list in this environment's own configuration.</source>
      <translation>Dieses Repository als Index eintragen und in der Konfiguration dieser Umgebung nach einer anderen Liste suchen.</translation>
    </message>
    <message>
      <source>Set up once</source>
      <translation>Einmal einrichten</translation>
    </message>
    <message>
      <source>Setup line copied. It includes the certificate fingerprint, so nobody can swap the certificate on the way.</source>
      <translation>Einrichtungszeile kopiert. Sie enthält den Fingerabdruck des Zertifikats, sodass es niemand unterwegs austauschen kann.</translation>
    </message>
    <message>
      <source>Setup lines for colleagues</source>
      <translation>Einrichtungszeilen für Kollegen</translation>
    </message>
    <message>
      <source>Setup lines for colleagues…</source>
      <translation>Einrichtungszeilen für Kollegen …</translation>
    </message>
    <message>
      <source>Sharing</source>
      <translation>Bereitstellung</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>Zeigen</translation>
    </message>
    <message>
      <source>Show address as QR code</source>
      <translation>Adresse als QR-Code zeigen</translation>
    </message>
    <message>
      <source>Show another address</source>
      <translation>Andere Adresse zeigen</translation>
    </message>
    <message>
      <source>Show files not taken in</source>
      <translation>Nicht aufgenommene Dateien zeigen</translation>
    </message>
    <message>
      <source>Show in file manager</source>
      <translation>Im Dateimanager zeigen</translation>
    </message>
    <message>
      <source>Show log</source>
      <translation>Protokoll zeigen</translation>
    </message>
    <message>
      <source>Show why</source>
      <translation>Warum?</translation>
    </message>
    <message>
      <source>Show window</source>
      <translation>Fenster zeigen</translation>
    </message>
    <message>
      <source>Show {file}</source>
      <translation>{file} zeigen</translation>
    </message>
    <message>
      <source>Shows first what would go, and why. What an installer would take today always stays, and the Trash gives everything back.</source>
      <translation>Zeigt erst, was wegkäme und warum. Was heute installiert würde, bleibt immer, und der Papierkorb gibt alles zurück.</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <source>Size of the Trash, MB</source>
      <translation>Größe des Papierkorbs, MB</translation>
    </message>
    <message>
      <source>Something went wrong. Nothing was lost; the details are in the log.</source>
      <translation>Etwas ging schief. Nichts ging verloren; Einzelheiten stehen im Protokoll.</translation>
    </message>
    <message>
      <source>Sort by</source>
      <translation>Sortieren nach</translation>
    </message>
    <message>
      <source>Source, and only wheels are wanted.</source>
      <translation>Quelltext, und nur Wheels sind erwünscht.</translation>
    </message>
    <message>
      <source>Source, built on installing</source>
      <translation>Quelltext, wird beim Installieren gebaut</translation>
    </message>
    <message>
      <source>Start Cheeseboard when I log in</source>
      <translation>Cheeseboard bei der Anmeldung starten</translation>
    </message>
    <message>
      <source>Start serving again.</source>
      <translation>Erneut bereitstellen.</translation>
    </message>
    <message>
      <source>Start serving, then go on.</source>
      <translation>Bereitstellen, dann fortfahren.</translation>
    </message>
    <message>
      <source>Starting…</source>
      <translation>Wird gestartet …</translation>
    </message>
    <message>
      <source>Status</source>
      <translation>Status</translation>
    </message>
    <message>
      <source>Still looking…</source>
      <translation>Es wird noch gesucht …</translation>
    </message>
    <message>
      <source>Still serving</source>
      <translation>Weiter bereitgestellt</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Stopp</translation>
    </message>
    <message>
      <source>Stopping…</source>
      <translation>Wird gestoppt …</translation>
    </message>
    <message>
      <source>System</source>
      <translation>System</translation>
    </message>
    <message>
      <source>Take in {files}</source>
      <translation>{files} übernehmen</translation>
    </message>
    <message>
      <source>Take installers’ entries out while nobody serves</source>
      <translation>Einträge der Installationsprogramme entfernen, solange nichts bereitgestellt ist</translation>
    </message>
    <message>
      <source>Take no-index out of its configuration, and unset PIP_NO_INDEX.</source>
      <translation>no-index aus der Konfiguration nehmen und PIP_NO_INDEX löschen.</translation>
    </message>
    <message>
      <source>Take the yank back</source>
      <translation>Rückzug aufheben</translation>
    </message>
    <message>
      <source>Takes over what pypiserver, devpi (its export) or bandersnatch keeps, or any folder of packages. You see first what was found; that folder stays as it is.</source>
      <translation>Übernimmt, was pypiserver, devpi (dessen Export) oder bandersnatch hat, oder einen beliebigen Ordner mit Paketen. Sie sehen erst, was gefunden wurde; der Ordner bleibt, wie er ist.</translation>
    </message>
    <message>
      <source>Taking in {done} of {total}: {file}</source>
      <translation>{done} von {total} wird übernommen: {file}</translation>
    </message>
    <message>
      <source>The Trash is empty. What you remove is kept here, so that it can come back.</source>
      <translation>Der Papierkorb ist leer. Entferntes wird hier aufbewahrt, damit es zurückkommen kann.</translation>
    </message>
    <message>
      <source>The address of this repository changed since.</source>
      <translation>Die Adresse dieses Repositorys hat sich seither geändert.</translation>
    </message>
    <message>
      <source>The address {url} can't be written into a configuration.</source>
      <translation>Die Adresse {url} lässt sich in keine Konfiguration schreiben.</translation>
    </message>
    <message>
      <source>The address {url} can't stand in a line that every shell understands.</source>
      <translation>Die Adresse {url} kann in keiner Zeile stehen, die jede Shell versteht.</translation>
    </message>
    <message>
      <source>The archive carries a comment, which wheels don't need.</source>
      <translation>Das Archiv trägt einen Kommentar, den Wheels nicht brauchen.</translation>
    </message>
    <message>
      <source>The authority's key, {path}, is missing. {remedy}</source>
      <translation>Der Schlüssel der Zertifizierungsstelle, {path}, fehlt. {remedy}</translation>
    </message>
    <message>
      <source>The catalog can't be backed up: {cause}.</source>
      <translation>Der Katalog lässt sich nicht sichern: {cause}.</translation>
    </message>
    <message>
      <source>The catalog in {source} holds what none of ours does: {cause}.</source>
      <translation>Der Katalog in {source} enthält, was keiner von uns enthält: {cause}.</translation>
    </message>
    <message>
      <source>The catalog in {source} holds what none of ours does: {wrong}. Nothing was restored.</source>
      <translation>Der Katalog in {source} enthält, was keiner von uns enthält: {wrong}. Es wurde nichts wiederhergestellt.</translation>
    </message>
    <message>
      <source>The catalog in {source} is damaged. Nothing was restored.</source>
      <translation>Der Katalog in {source} ist beschädigt. Es wurde nichts wiederhergestellt.</translation>
    </message>
    <message>
      <source>The catalog in {source} is none of Cheeseboard's. Nothing was restored.</source>
      <translation>Der Katalog in {source} stammt nicht von Cheeseboard. Es wurde nichts wiederhergestellt.</translation>
    </message>
    <message>
      <source>The catalog is damaged: {detail}. Close Cheeseboard, move .cheeseboard/catalog.sqlite3 away and start again: it is made anew from the folder. Yanks and upload times come back only from a backup.</source>
      <translation>Der Katalog ist beschädigt: {detail}. Schließen Sie Cheeseboard, verschieben Sie .cheeseboard/catalog.sqlite3 und starten Sie neu: Er entsteht neu aus dem Ordner. Rückzüge und Zeiten kommen nur aus einer Sicherung zurück.</translation>
    </message>
    <message>
      <source>The catalog of {folder} is damaged.</source>
      <translation>Der Katalog von {folder} ist beschädigt.</translation>
    </message>
    <message>
      <source>The certificate can't be used: {cause}.</source>
      <translation>Das Zertifikat ist nicht benutzbar: {cause}.</translation>
    </message>
    <message>
      <source>The first line compares the certificate with its fingerprint and writes {file}; the second trusts that file for this install. pip also asks the public index: the higher version wins.</source>
      <translation>Die erste Zeile vergleicht das Zertifikat mit seinem Fingerabdruck und schreibt {file}; die zweite traut dieser Datei für diese Installation. pip fragt auch den öffentlichen Index: Die höhere Version gewinnt.</translation>
    </message>
    <message>
      <source>The folder can’t be used</source>
      <translation>Der Ordner ist nicht benutzbar</translation>
    </message>
    <message>
      <source>The keyring has another password for {user} at {service}, so it was left alone. Take it out first: keyring del {service} {user}</source>
      <translation>Der Schlüsselbund hat für {user} bei {service} ein anderes Passwort und wurde nicht angerührt. Zuerst herausnehmen: keyring del {service} {user}</translation>
    </message>
    <message>
      <source>The list of tokens {path} is damaged, so nobody is let in by one. Put a copy of it back, or remove it and make new tokens.</source>
      <translation>Die Liste der Tokens {path} ist beschädigt; mit einem Token kommt daher niemand hinein. Eine Kopie zurückholen, oder sie entfernen und neue Tokens ausstellen.</translation>
    </message>
    <message>
      <source>The local authority can't sign a certificate for {asked}: it is limited to this computer and private networks.</source>
      <translation>Die örtliche Zertifizierungsstelle kann für {asked} kein Zertifikat unterschreiben: Sie ist auf diesen Computer und private Netzwerke beschränkt.</translation>
    </message>
    <message>
      <source>The local authority expired on {not_valid_after_utc}. {remedy}</source>
      <translation>Die örtliche Zertifizierungsstelle ist am {not_valid_after_utc} abgelaufen. {remedy}</translation>
    </message>
    <message>
      <source>The local authority is valid from {not_valid_before_utc} on, but this computer's clock says {now}. Set the clock.</source>
      <translation>Die örtliche Zertifizierungsstelle gilt erst ab {not_valid_before_utc}, die Uhr dieses Computers zeigt aber {now}. Bitte die Uhr stellen.</translation>
    </message>
    <message>
      <source>The managed folder {folder} is missing. Put it back, or connect its disk.</source>
      <translation>Der verwaltete Ordner {folder} fehlt. Legen Sie ihn zurück, oder schließen Sie seinen Datenträger an.</translation>
    </message>
    <message>
      <source>The managed folder {folder} is not open.</source>
      <translation>Der verwaltete Ordner {folder} ist nicht geöffnet.</translation>
    </message>
    <message>
      <source>The name {host} is not known on this network.</source>
      <translation>Der Name {host} ist in diesem Netzwerk nicht bekannt.</translation>
    </message>
    <message>
      <source>The packages are restored, but {source} holds no certificate authority.</source>
      <translation>Die Pakete sind wiederhergestellt, aber {source} enthält keine Zertifizierungsstelle.</translation>
    </message>
    <message>
      <source>The repository is served on this computer alone, so nobody could join. Stop that, and run `cheeseboard serve --lan`, or press Serve on LAN in the window.</source>
      <translation>Das Repository wird nur auf diesem Computer bereitgestellt, also kann niemand beitreten. Das beenden und `cheeseboard serve --lan` ausführen, oder im Fenster „Im LAN bereitstellen“ drücken.</translation>
    </message>
    <message>
      <source>The repository was private, and can't be made so here. Nothing was restored.</source>
      <translation>Das Repository war privat und lässt sich hier nicht privat machen. Es wurde nichts wiederhergestellt.</translation>
    </message>
    <message>
      <source>The server answers on {host}, port {port}, with status {status}.</source>
      <translation>Der Server antwortet auf {host}, Port {port}, mit Status {status}.</translation>
    </message>
    <message>
      <source>The server does not answer on {host}, port {port}: {cause}.</source>
      <translation>Der Server antwortet auf {host}, Port {port}, nicht: {cause}.</translation>
    </message>
    <message>
      <source>The server does not answer to the name {host}.</source>
      <translation>Der Server antwortet nicht auf den Namen {host}.</translation>
    </message>
    <message>
      <source>The server failed on the request.</source>
      <translation>Der Server ist an der Anfrage gescheitert.</translation>
    </message>
    <message>
      <source>The server runs, but its folder is not available.</source>
      <translation>Der Server läuft, aber sein Ordner ist nicht verfügbar.</translation>
    </message>
    <message>
      <source>The server's certificate is not for {host}.</source>
      <translation>Das Zertifikat des Servers gilt nicht für {host}.</translation>
    </message>
    <message>
      <source>The server's certificate is not valid at this computer's time.</source>
      <translation>Das Zertifikat des Servers gilt nicht zur Uhrzeit dieses Computers.</translation>
    </message>
    <message>
      <source>The settings file {path} can't be read: {cause}.</source>
      <translation>Die Einstellungsdatei {path} ist nicht lesbar: {cause}.</translation>
    </message>
    <message>
      <source>The settings file {path} can't be written: {cause}.</source>
      <translation>Die Einstellungsdatei {path} kann nicht geschrieben werden: {cause}.</translation>
    </message>
    <message>
      <source>The settings file {path} has a wrong value for {known_field}.</source>
      <translation>Die Einstellungsdatei {path} hat einen falschen Wert für {known_field}.</translation>
    </message>
    <message>
      <source>The settings file {path} has a wrong value: {cause}.</source>
      <translation>Die Einstellungsdatei {path} hat einen falschen Wert: {cause}.</translation>
    </message>
    <message>
      <source>The token can't go into the keyring of {program}: {why}. Keep it in a file that only you can read (--secret file).</source>
      <translation>Das Token kann nicht in den Schlüsselbund von {program}: {why}. Es in einer Datei aufbewahren, die nur Sie lesen können (--secret file).</translation>
    </message>
    <message>
      <source>The token can't go into the keyring: {why}. Install it (`uv tool install keyring` or `pipx install keyring`), or keep it in a file (--secret file).</source>
      <translation>Das Token kann nicht in den Schlüsselbund: {why}. Ihn installieren (`uv tool install keyring` oder `pipx install keyring`) oder es in einer Datei aufbewahren (--secret file).</translation>
    </message>
    <message>
      <source>The token for {name}</source>
      <translation>Das Token für {name}</translation>
    </message>
    <message>
      <source>The usual one</source>
      <translation>das übliche</translation>
    </message>
    <message>
      <source>Their system</source>
      <translation>Ihr System</translation>
    </message>
    <message>
      <source>Then, in a project: take a package from here</source>
      <translation>Dann, in einem Projekt: ein Paket von hier nehmen</translation>
    </message>
    <message>
      <source>Then: install, with nothing changed for later</source>
      <translation>Dann: installieren; für später ändert sich nichts</translation>
    </message>
    <message>
      <source>There are no files to check yet.</source>
      <translation>Es gibt noch keine Dateien zu prüfen.</translation>
    </message>
    <message>
      <source>There are {most_tokens} tokens already. Revoke some that nobody uses.</source>
      <translation>Es gibt schon {most_tokens} Tokens. Einige widerrufen, die niemand benutzt.</translation>
    </message>
    <message>
      <source>There are {what} in dist/ already.</source>
      <translation>In dist/ liegen bereits {what}.</translation>
    </message>
    <message>
      <source>There is 1 file in dist/ already.</source>
      <translation>In dist/ liegt bereits 1 Datei.</translation>
    </message>
    <message>
      <source>There is a repository called "{name}" already.</source>
      <translation>Ein Repository namens „{name}“ gibt es schon.</translation>
    </message>
    <message>
      <source>There is a token named "{token}" already. Choose another name.</source>
      <translation>Ein Token namens „{token}“ gibt es schon. Bitte einen anderen Namen wählen.</translation>
    </message>
    <message>
      <source>There is no certificate authority yet that could be backed up.</source>
      <translation>Es gibt noch keine Zertifizierungsstelle, die gesichert werden könnte.</translation>
    </message>
    <message>
      <source>There is no folder {folder}, so there is nothing in it. `cheeseboard add`, `cheeseboard serve` or the window makes it.</source>
      <translation>Den Ordner {folder} gibt es nicht, also ist nichts darin. `cheeseboard add`, `cheeseboard serve` oder das Fenster legt ihn an.</translation>
    </message>
    <message>
      <source>There is no folder {parent}.</source>
      <translation>Den Ordner {parent} gibt es nicht.</translation>
    </message>
    <message>
      <source>There is no {tool} whose {scope} configuration could be written.</source>
      <translation>Es gibt kein {tool}, dessen Konfiguration ({scope}) geschrieben werden könnte.</translation>
    </message>
    <message>
      <source>These lie in the managed folder but are not in the index. They are left where they are.</source>
      <translation>Diese liegen im verwalteten Ordner, aber nicht im Index. Sie bleiben, wo sie sind.</translation>
    </message>
    <message>
      <source>This computer has a certificate authority already, which is not replaced. Restore without the authority, or remove this one first (cheeseboard trust remove).</source>
      <translation>Dieser Computer hat schon eine Zertifizierungsstelle, und die wird nicht ersetzt. Ohne Zertifizierungsstelle wiederherstellen oder diese zuerst entfernen (cheeseboard trust remove).</translation>
    </message>
    <message>
      <source>This folder can’t be used</source>
      <translation>Dieser Ordner ist nicht benutzbar</translation>
    </message>
    <message>
      <source>This frees {size} and can’t be undone.</source>
      <translation>Das gibt {size} frei und lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
      <source>This is not written yet.</source>
      <translation>Das ist noch nicht geschrieben.</translation>
    </message>
    <message>
      <source>This is {what}: {files}, {size}.</source>
      <translation>Das ist {what}: {files}, {size}.</translation>
    </message>
    <message>
      <source>This one is installed.</source>
      <translation>Diese wird installiert.</translation>
    </message>
    <message>
      <source>This package has no README.</source>
      <translation>Dieses Paket hat kein README.</translation>
    </message>
    <message>
      <source>This {tool} can't verify a server that is called by an IP address ({host}).</source>
      <translation>Dieses {tool} kann keinen Server prüfen, der mit einer IP-Adresse gerufen wird ({host}).</translation>
    </message>
    <message>
      <source>To take it back</source>
      <translation>Um es zurückzunehmen</translation>
    </message>
    <message>
      <source>Today</source>
      <translation>Heute</translation>
    </message>
    <message>
      <source>Token copied</source>
      <translation>Token kopiert</translation>
    </message>
    <message>
      <source>Tokens</source>
      <translation>Tokens</translation>
    </message>
    <message>
      <source>Took {what} back out.</source>
      <translation>{what} wieder herausgenommen.</translation>
    </message>
    <message>
      <source>Trash</source>
      <translation>Papierkorb</translation>
    </message>
    <message>
      <source>Try again</source>
      <translation>Erneut versuchen</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>Rückgängig</translation>
    </message>
    <message>
      <source>Undo takes it out again.</source>
      <translation>Rückgängig machen nimmt es wieder heraus.</translation>
    </message>
    <message>
      <source>Undone.</source>
      <translation>Rückgängig gemacht.</translation>
    </message>
    <message>
      <source>Unset {bundle}, or add our certificate to the file that it names.</source>
      <translation>{bundle} löschen, oder unser Zertifikat in die genannte Datei aufnehmen.</translation>
    </message>
    <message>
      <source>Unset {list}, or add this repository's address to it.</source>
      <translation>{list} löschen, oder die Adresse dieses Repositorys hineinschreiben.</translation>
    </message>
    <message>
      <source>Unset {variable}.</source>
      <translation>{variable} löschen.</translation>
    </message>
    <message>
      <source>Use an address with a name, such as localhost, or update {tool}.</source>
      <translation>Eine Adresse mit Namen verwenden, etwa localhost, oder {tool} aktualisieren.</translation>
    </message>
    <message>
      <source>Use an address with numbers instead.</source>
      <translation>Stattdessen eine Adresse mit Zahlen verwenden.</translation>
    </message>
    <message>
      <source>Use another folder…</source>
      <translation>Anderen Ordner benutzen …</translation>
    </message>
    <message>
      <source>Use one of the addresses that the window shows.</source>
      <translation>Eine der Adressen verwenden, die das Fenster zeigt.</translation>
    </message>
    <message>
      <source>Use {folder} as a repository?</source>
      <translation>{folder} als Repository benutzen?</translation>
    </message>
    <message>
      <source>Use {port} instead</source>
      <translation>Stattdessen {port}</translation>
    </message>
    <message>
      <source>Using an index never removes a file.</source>
      <translation>Einen Index zu benutzen entfernt nie eine Datei.</translation>
    </message>
    <message>
      <source>VPN: only for those on it</source>
      <translation>VPN: nur für dessen Teilnehmer</translation>
    </message>
    <message>
      <source>Verdict</source>
      <translation>Urteil</translation>
    </message>
    <message>
      <source>Version</source>
      <translation>Version</translation>
    </message>
    <message>
      <source>Waiting for the folder to be scanned…</source>
      <translation>Der Ordner wird erst noch durchsucht …</translation>
    </message>
    <message>
      <source>Warnings</source>
      <translation>Warnungen</translation>
    </message>
    <message>
      <source>What changes in {file}</source>
      <translation>Was sich in {file} ändert</translation>
    </message>
    <message>
      <source>What happened, the latest first</source>
      <translation>Was geschah, das Neueste zuerst</translation>
    </message>
    <message>
      <source>What happens to my pip?</source>
      <translation>Was geschieht mit meinem pip?</translation>
    </message>
    <message>
      <source>What is older may take this much; 0 keeps all of it.</source>
      <translation>So viel darf Älteres belegen; 0 behält alles.</translation>
    </message>
    <message>
      <source>What other computers say of themselves. To install from one, ask its owner for the setup line and compare the fingerprint.</source>
      <translation>Was andere Computer von sich sagen. Zum Installieren bitte die Einrichtungszeile erfragen und den Fingerabdruck vergleichen.</translation>
    </message>
    <message>
      <source>What pip would take from this repository, and why not the other files.</source>
      <translation>Was pip aus diesem Repository nähme, und warum nicht die anderen Dateien.</translation>
    </message>
    <message>
      <source>What they want</source>
      <translation>Was sie wollen</translation>
    </message>
    <message>
      <source>What was found</source>
      <translation>Was gefunden wurde</translation>
    </message>
    <message>
      <source>What was removed is kept for at least {days} days and comes back byte for byte.</source>
      <translation>Entferntes wird mindestens {days} Tage aufbewahrt und kommt Byte für Byte zurück.</translation>
    </message>
    <message>
      <source>What was skipped, and why</source>
      <translation>Was übersprungen wurde, und warum</translation>
    </message>
    <message>
      <source>What will change</source>
      <translation>Was sich ändern wird</translation>
    </message>
    <message>
      <source>Wheels only</source>
      <translation>Nur Wheels</translation>
    </message>
    <message>
      <source>Where the packages come from</source>
      <translation>Woher die Pakete kommen</translation>
    </message>
    <message>
      <source>Who can download now</source>
      <translation>Wer jetzt herunterladen kann</translation>
    </message>
    <message>
      <source>Who may publish and read</source>
      <translation>Wer veröffentlichen und lesen darf</translation>
    </message>
    <message>
      <source>Who may publish and read…</source>
      <translation>Wer veröffentlichen und lesen darf …</translation>
    </message>
    <message>
      <source>Who may read…</source>
      <translation>Wer lesen darf …</translation>
    </message>
    <message>
      <source>Whoever uses it is turned away from now on. This can’t be undone; a new one can be made.</source>
      <translation>Wer es benutzt, wird von nun an abgewiesen. Das lässt sich nicht rückgängig machen; ein neues lässt sich ausstellen.</translation>
    </message>
    <message>
      <source>Whom or what it is for</source>
      <translation>Für wen oder was es ist</translation>
    </message>
    <message>
      <source>Why</source>
      <translation>Warum</translation>
    </message>
    <message>
      <source>Why can’t it install?</source>
      <translation>Warum geht es nicht?</translation>
    </message>
    <message>
      <source>Why can’t {package} install?</source>
      <translation>Warum lässt sich {package} nicht installieren?</translation>
    </message>
    <message>
      <source>Wi-Fi</source>
      <translation>WLAN</translation>
    </message>
    <message>
      <source>Windows</source>
      <translation>Windows</translation>
    </message>
    <message>
      <source>With the certificate authority</source>
      <translation>Mit der Zertifizierungsstelle</translation>
    </message>
    <message>
      <source>With upload times: {files}.</source>
      <translation>Mit Zeit des Hochladens: {files}.</translation>
    </message>
    <message>
      <source>Work on this repository is still under way. Switch when it is done.</source>
      <translation>An diesem Repository wird noch gearbeitet. Wechseln Sie, wenn es fertig ist.</translation>
    </message>
    <message>
      <source>Write the change</source>
      <translation>Änderung schreiben</translation>
    </message>
    <message>
      <source>Yank</source>
      <translation>Zurückziehen</translation>
    </message>
    <message>
      <source>Yank {what}?</source>
      <translation>{what} zurückziehen?</translation>
    </message>
    <message>
      <source>Yanked {what}.</source>
      <translation>{what} zurückgezogen.</translation>
    </message>
    <message>
      <source>Yanked, and will stay so: {files}.</source>
      <translation>Zurückgezogen, und so bleibt es: {files}.</translation>
    </message>
    <message>
      <source>Yanked. Taken only when asked for exactly.</source>
      <translation>Zurückgezogen. Nur auf genaues Verlangen.</translation>
    </message>
    <message>
      <source>Yanked: {reason}. Taken only when asked for exactly.</source>
      <translation>Zurückgezogen: {reason}. Nur auf genaues Verlangen.</translation>
    </message>
    <message>
      <source>Yank…</source>
      <translation>Zurückziehen …</translation>
    </message>
    <message>
      <source>Yesterday</source>
      <translation>Gestern</translation>
    </message>
    <message>
      <source>Your first colleague is here</source>
      <translation>Der erste Kollege ist da</translation>
    </message>
    <message>
      <source>Your network address changed. Setup lines you already sent name the old one.</source>
      <translation>Die Netzwerkadresse hat sich geändert. Bereits gesendete Einrichtungszeilen nennen die alte.</translation>
    </message>
    <message>
      <source>Your network address changed. Setup lines you already sent still work.</source>
      <translation>Die Netzwerkadresse hat sich geändert. Bereits gesendete Einrichtungszeilen gelten weiter.</translation>
    </message>
    <message>
      <source>a bandersnatch mirror</source>
      <translation>ein bandersnatch-Spiegel</translation>
    </message>
    <message>
      <source>a devpi export</source>
      <translation>ein devpi-Export</translation>
    </message>
    <message>
      <source>a folder of packages</source>
      <translation>ein Ordner mit Paketen</translation>
    </message>
    <message>
      <source>a port is a number from 1 to 65535</source>
      <translation>ein Port ist eine Zahl von 1 bis 65535</translation>
    </message>
    <message>
      <source>a pypiserver folder</source>
      <translation>ein pypiserver-Ordner</translation>
    </message>
    <message>
      <source>adding</source>
      <translation>wird hinzugefügt</translation>
    </message>
    <message>
      <source>all</source>
      <translation>alle</translation>
    </message>
    <message>
      <source>also elsewhere</source>
      <translation>auch anderswo</translation>
    </message>
    <message>
      <source>and {n} more</source>
      <translation>und {n} weitere</translation>
    </message>
    <message>
      <source>another program or Windows keeps that port for itself</source>
      <translation>ein anderes Programm oder Windows behält diesen Port für sich</translation>
    </message>
    <message>
      <source>any Python 3</source>
      <translation>jedes Python 3</translation>
    </message>
    <message>
      <source>any system</source>
      <translation>jedes System</translation>
    </message>
    <message>
      <source>any version</source>
      <translation>irgendeine Version</translation>
    </message>
    <message>
      <source>archived</source>
      <translation>archiviert</translation>
    </message>
    <message>
      <source>asks for</source>
      <translation>verlangt</translation>
    </message>
    <message>
      <source>broken</source>
      <translation>defekt</translation>
    </message>
    <message>
      <source>by command line</source>
      <translation>über die Befehlszeile</translation>
    </message>
    <message>
      <source>containers on this computer</source>
      <translation>Container auf diesem Computer</translation>
    </message>
    <message>
      <source>deprecated</source>
      <translation>veraltet</translation>
    </message>
    <message>
      <source>expired</source>
      <translation>abgelaufen</translation>
    </message>
    <message>
      <source>found in the folder</source>
      <translation>im Ordner gefunden</translation>
    </message>
    <message>
      <source>in the window</source>
      <translation>im Fenster</translation>
    </message>
    <message>
      <source>index up to date</source>
      <translation>Index aktuell</translation>
    </message>
    <message>
      <source>keep {n} releases</source>
      <translation>{n} Versionen behalten</translation>
    </message>
    <message>
      <source>macOS {version} or newer {machine}</source>
      <translation>macOS {version} oder neuer {machine}</translation>
    </message>
    <message>
      <source>network</source>
      <translation>Netzwerk</translation>
    </message>
    <message>
      <source>never</source>
      <translation>nie</translation>
    </message>
    <message>
      <source>newer elsewhere</source>
      <translation>anderswo neuer</translation>
    </message>
    <message>
      <source>not in this repository</source>
      <translation>nicht in diesem Repository</translation>
    </message>
    <message>
      <source>older than the newest release</source>
      <translation>älter als die neueste Version</translation>
    </message>
    <message>
      <source>older than the {n} newest releases</source>
      <translation>älter als die {n} neuesten Versionen</translation>
    </message>
    <message>
      <source>on</source>
      <translation>auf</translation>
    </message>
    <message>
      <source>pip can't read its own configuration, so it was left alone. {why}</source>
      <translation>pip kann seine eigene Konfiguration nicht lesen; sie wurde nicht angerührt. {why}</translation>
    </message>
    <message>
      <source>pip did not answer in time.</source>
      <translation>pip hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
      <source>pip did not reach {where}, so nothing is known of {name}.</source>
      <translation>pip hat {where} nicht erreicht; über {name} ist nichts bekannt.</translation>
    </message>
    <message>
      <source>pip on this computer doesn’t look here yet: it would ask the public index.</source>
      <translation>pip auf diesem Computer schaut hier noch nicht nach: Es würde den öffentlichen Index fragen.</translation>
    </message>
    <message>
      <source>pip takes {file}, or {version} from {host}: of equal versions, it takes either.</source>
      <translation>pip nimmt {file} oder {version} von {host}: Von gleichen Versionen nimmt es irgendeine.</translation>
    </message>
    <message>
      <source>pip takes {file}.</source>
      <translation>pip nimmt {file}.</translation>
    </message>
    <message>
      <source>pip takes {version} from {host} instead of {file}: a pre-release comes last.</source>
      <translation>pip nimmt {version} von {host} statt {file}: Eine Vorabversion kommt zuletzt.</translation>
    </message>
    <message>
      <source>pip takes {version} from {host} instead of {file}: of several indexes, the higher version wins.</source>
      <translation>pip nimmt {version} von {host} statt {file}: Unter mehreren Indexen gewinnt die höhere Version.</translation>
    </message>
    <message>
      <source>pip takes {version} from {host}: nothing of it fits here.</source>
      <translation>pip nimmt {version} von {host}: Hier passt nichts davon.</translation>
    </message>
    <message>
      <source>ports below 1024 need the administrator's rights</source>
      <translation>Ports unter 1024 brauchen die Rechte des Administrators</translation>
    </message>
    <message>
      <source>pre-release</source>
      <translation>Vorabversion</translation>
    </message>
    <message>
      <source>pre-release older than {n} days</source>
      <translation>Vorabversion, älter als {n} Tage</translation>
    </message>
    <message>
      <source>pre-releases for {n} days</source>
      <translation>Vorabversionen {n} Tage lang</translation>
    </message>
    <message>
      <source>publish and read</source>
      <translation>veröffentlichen und lesen</translation>
    </message>
    <message>
      <source>quarantined</source>
      <translation>in Quarantäne</translation>
    </message>
    <message>
      <source>read</source>
      <translation>lesen</translation>
    </message>
    <message>
      <source>scanning…</source>
      <translation>wird durchsucht …</translation>
    </message>
    <message>
      <source>sdist</source>
      <translation>sdist</translation>
    </message>
    <message>
      <source>the list of packages</source>
      <translation>der Liste der Pakete</translation>
    </message>
    <message>
      <source>there is no such address</source>
      <translation>diese Adresse gibt es nicht</translation>
    </message>
    <message>
      <source>this computer</source>
      <translation>diesem Computer</translation>
    </message>
    <message>
      <source>this computer does not have that address</source>
      <translation>dieser Computer hat diese Adresse nicht</translation>
    </message>
    <message>
      <source>this computer does not speak that kind of address</source>
      <translation>dieser Computer kennt solche Adressen nicht</translation>
    </message>
    <message>
      <source>this computer is not connected to a network</source>
      <translation>dieser Computer ist mit keinem Netzwerk verbunden</translation>
    </message>
    <message>
      <source>this computer’s name</source>
      <translation>Name dieses Computers</translation>
    </message>
    <message>
      <source>this computer’s name on the network</source>
      <translation>Name dieses Computers im Netzwerk</translation>
    </message>
    <message>
      <source>this kind of Linux only, {machine}</source>
      <translation>nur diese Art Linux, {machine}</translation>
    </message>
    <message>
      <source>uploaded</source>
      <translation>hochgeladen</translation>
    </message>
    <message>
      <source>uv</source>
      <translation>uv</translation>
    </message>
    <message>
      <source>uv then asks this repository for that package only, and goes on working when it is off.</source>
      <translation>uv fragt dann nur für dieses Paket hier nach und läuft weiter, wenn dieses Repository aus ist.</translation>
    </message>
    <message>
      <source>virtual network</source>
      <translation>virtuelles Netzwerk</translation>
    </message>
    <message>
      <source>wheel</source>
      <translation>wheel</translation>
    </message>
    <message>
      <source>when {marker}</source>
      <translation>wenn {marker}</translation>
    </message>
    <message>
      <source>yanked</source>
      <translation>zurückgezogen</translation>
    </message>
    <message>
      <source>yanked: {reason}</source>
      <translation>zurückgezogen: {reason}</translation>
    </message>
    <message>
      <source>{bundle} is set, so {tool} ignores our certificate.</source>
      <translation>{bundle} ist gesetzt, darum beachtet {tool} unser Zertifikat nicht.</translation>
    </message>
    <message>
      <source>{config} has a list of indexes of its own, which hides this one from {tool}.</source>
      <translation>{config} hat eine eigene Liste von Indexen, die diesen vor {tool} verbirgt.</translation>
    </message>
    <message>
      <source>{destination} appeared meanwhile; it was left alone.</source>
      <translation>{destination} ist inzwischen aufgetaucht und wurde nicht angerührt.</translation>
    </message>
    <message>
      <source>{destination} exists already, and a backup overwrites nothing.</source>
      <translation>{destination} gibt es schon, und eine Sicherung überschreibt nichts.</translation>
    </message>
    <message>
      <source>{detail} asked for {file} and was turned away</source>
      <translation>{detail} hat nach {file} gefragt und wurde abgewiesen</translation>
    </message>
    <message>
      <source>{detail} asked for {file}: here</source>
      <translation>{detail} hat nach {file} gefragt: hier</translation>
    </message>
    <message>
      <source>{detail} asked for {file}: not here</source>
      <translation>{detail} hat nach {file} gefragt: nicht hier</translation>
    </message>
    <message>
      <source>{detail} downloaded {file}</source>
      <translation>{detail} lud {file}</translation>
    </message>
    <message>
      <source>{detail} is set, so {tool} will ignore our certificate.</source>
      <translation>{detail} ist gesetzt, darum beachtet {tool} unser Zertifikat nicht.</translation>
    </message>
    <message>
      <source>{detail} is set, so {tool} will not read this file.</source>
      <translation>{detail} ist gesetzt, darum liest {tool} diese Datei nicht.</translation>
    </message>
    <message>
      <source>{detail} is set, so {tool} will send that instead of the token.</source>
      <translation>{detail} ist gesetzt, darum sendet {tool} das statt des Tokens.</translation>
    </message>
    <message>
      <source>{detail} keeps {tool} from asking any index.</source>
      <translation>{detail} hält {tool} davon ab, irgendeinen Index zu fragen.</translation>
    </message>
    <message>
      <source>{detail} names more indexes, so {tool} will look there too.</source>
      <translation>{detail} nennt weitere Indexe, darum sucht {tool} auch dort.</translation>
    </message>
    <message>
      <source>{detail} replaces the list of indexes, so {tool} will not see ours there.</source>
      <translation>{detail} ersetzt die Liste der Indexe, darum sieht {tool} unseren dort nicht.</translation>
    </message>
    <message>
      <source>{detail} switches off certificate checks for a host. Cheeseboard never needs that.</source>
      <translation>{detail} schaltet die Zertifikatsprüfung für einen Rechner ab. Cheeseboard braucht das nie.</translation>
    </message>
    <message>
      <source>{detail} tried to publish and was turned away</source>
      <translation>{detail} wollte veröffentlichen und wurde abgewiesen</translation>
    </message>
    <message>
      <source>{detail} will hold a token of your own, which works on this computer only. You alone will be able to read the file.</source>
      <translation>{detail} wird ein eigenes Token enthalten, das nur auf diesem Computer gilt. Niemand sonst wird die Datei lesen können.</translation>
    </message>
    <message>
      <source>{doing} {n} more wait.</source>
      <translation>{doing} {n} weitere warten.</translation>
    </message>
    <message>
      <source>{files} read, {size}</source>
      <translation>{files} gelesen, {size}</translation>
    </message>
    <message>
      <source>{files}, {size} would go to the Trash.</source>
      <translation>{files}, {size} kämen in den Papierkorb.</translation>
    </message>
    <message>
      <source>{file}
SHA-256 {hash}</source>
      <translation>{file}
SHA-256 {hash}</translation>
    </message>
    <message>
      <source>{file} came with attestations that can't be kept: {detail}. Upload it with the right ones or none.</source>
      <translation>{file} kam mit Bescheinigungen, die nicht behalten werden können: {detail}. Bitte mit den richtigen oder ohne hochladen.</translation>
    </message>
    <message>
      <source>{file} can't be added: another file of that name lies in its place. Look at it, then move it away.</source>
      <translation>{file} lässt sich nicht hinzufügen: An ihrem Platz liegt eine andere Datei dieses Namens. Bitte ansehen und wegräumen.</translation>
    </message>
    <message>
      <source>{file} can't be added: its project is {detail}.</source>
      <translation>{file} lässt sich nicht hinzufügen: Ihr Projekt ist {detail}.</translation>
    </message>
    <message>
      <source>{file} can't be read: {detail}.</source>
      <translation>{file} ist nicht lesbar: {detail}.</translation>
    </message>
    <message>
      <source>{file} can’t be read ({detail}). It is still offered; look at the disk.</source>
      <translation>{file} lässt sich nicht lesen ({detail}). Sie wird weiter angeboten; sehen Sie nach dem Datenträger.</translation>
    </message>
    <message>
      <source>{file} changed while it was being read. Try again when it is complete.</source>
      <translation>{file} änderte sich beim Lesen. Bitte erneut versuchen, wenn sie fertig ist.</translation>
    </message>
    <message>
      <source>{file} contradicts itself{where}. Installers could read it in different ways, so it is not safe to offer.</source>
      <translation>{file} widerspricht sich selbst{where}. Installationsprogramme könnten sie verschieden lesen, darum ist sie nicht sicher.</translation>
    </message>
    <message>
      <source>{file} defines a command ({detail}) that would be written outside the commands' directory.</source>
      <translation>{file} legt einen Befehl ({detail}) an, der außerhalb des Befehlsverzeichnisses landen würde.</translation>
    </message>
    <message>
      <source>{file} didn't arrive as it was sent: its digest differs. Send it again.</source>
      <translation>{file} kam nicht so an, wie sie gesendet wurde: Die Prüfsumme weicht ab. Bitte erneut senden.</translation>
    </message>
    <message>
      <source>{file} disappeared from the folder</source>
      <translation>{file} verschwand aus dem Ordner</translation>
    </message>
    <message>
      <source>{file} doesn't match its own RECORD{where}: it was changed after it was built. Build it again.</source>
      <translation>{file} passt nicht zum eigenen RECORD{where}: Sie wurde nach dem Bauen verändert. Bitte neu bauen.</translation>
    </message>
    <message>
      <source>{file} has a version ({detail}) that installers don't understand any more (PEP 440).</source>
      <translation>{file} hat eine Version ({detail}), die Installationsprogramme nicht mehr verstehen (PEP 440).</translation>
    </message>
    <message>
      <source>{file} has its metadata more than once ({detail}).</source>
      <translation>{file} hat ihre Metadaten mehrfach ({detail}).</translation>
    </message>
    <message>
      <source>{file} has metadata that can't be used ({detail}).</source>
      <translation>{file} hat unbrauchbare Metadaten ({detail}).</translation>
    </message>
    <message>
      <source>{file} has unreasonably large metadata ({detail} bytes).</source>
      <translation>{file} hat übermäßig große Metadaten ({detail} Bytes).</translation>
    </message>
    <message>
      <source>{file} holds a file whose path is not safe ({detail}): unpacking it could write where it must not.</source>
      <translation>{file} enthält eine Datei mit unsicherem Pfad ({detail}): Entpacken könnte an verbotene Orte schreiben.</translation>
    </message>
    <message>
      <source>{file} holds a link ({detail}) that could lead outside: unpacking it could write where it must not.</source>
      <translation>{file} enthält einen Verweis ({detail}), der hinausführen könnte: Entpacken könnte an verbotene Orte schreiben.</translation>
    </message>
    <message>
      <source>{file} holds more than one archive's bytes{where}. Installers could read it in different ways, so it is not safe to offer.</source>
      <translation>{file} enthält Bytes von mehr als einem Archiv{where}. Installationsprogramme könnten sie verschieden lesen, darum ist sie nicht sicher.</translation>
    </message>
    <message>
      <source>{file} holds something that is no ordinary file{where}: a device, a pipe, or a set-user-id program.</source>
      <translation>{file} enthält etwas, das keine gewöhnliche Datei ist{where}: ein Gerät, eine Pipe oder ein Set-User-ID-Programm.</translation>
    </message>
    <message>
      <source>{file} holds two files under one name ({detail}), or names that differ only in case.</source>
      <translation>{file} enthält zwei Dateien unter einem Namen ({detail}) oder Namen, die sich nur in der Großschreibung unterscheiden.</translation>
    </message>
    <message>
      <source>{file} holds {detail} files, which is more than can be checked.</source>
      <translation>{file} enthält {detail} Dateien, mehr als sich prüfen lassen.</translation>
    </message>
    <message>
      <source>{file} is a link or a device, not a file. It was left where it is.</source>
      <translation>{file} ist ein Verweis oder ein Gerät, keine Datei. Sie blieb, wo sie ist.</translation>
    </message>
    <message>
      <source>{file} is a link or a device, not a file. It will stay where it is.</source>
      <translation>{file} ist ein Verweis oder ein Gerät, keine Datei. Es bleibt, wo es ist.</translation>
    </message>
    <message>
      <source>{file} is active again</source>
      <translation>{file} ist wieder aktiv</translation>
    </message>
    <message>
      <source>{file} is already here with different contents.</source>
      <translation>{file} ist schon da, mit anderem Inhalt.</translation>
    </message>
    <message>
      <source>{file} is already here. Nothing changed.</source>
      <translation>{file} ist schon da. Nichts wurde geändert.</translation>
    </message>
    <message>
      <source>{file} is compressed in a way that installers don't read{where}. Build it again.</source>
      <translation>{file} ist auf eine Art komprimiert, die Installationsprogramme nicht lesen{where}. Bitte neu bauen.</translation>
    </message>
    <message>
      <source>{file} is cut short. Download or copy it again.</source>
      <translation>{file} ist abgeschnitten. Bitte erneut laden oder kopieren.</translation>
    </message>
    <message>
      <source>{file} is damaged: it has no METADATA or PKG-INFO.</source>
      <translation>{file} ist beschädigt: Ihr fehlt METADATA oder PKG-INFO.</translation>
    </message>
    <message>
      <source>{file} is damaged: it has no RECORD of its contents.</source>
      <translation>{file} ist beschädigt: Ihr fehlt das Inhaltsverzeichnis RECORD.</translation>
    </message>
    <message>
      <source>{file} is damaged: it has no WHEEL file.</source>
      <translation>{file} ist beschädigt: Ihr fehlt die Datei WHEEL.</translation>
    </message>
    <message>
      <source>{file} is damaged{where}. Download or build it again.</source>
      <translation>{file} ist beschädigt{where}. Bitte erneut laden oder bauen.</translation>
    </message>
    <message>
      <source>{file} is empty. Its download may have been interrupted; get it again.</source>
      <translation>{file} ist leer. Vielleicht wurde der Download unterbrochen; bitte erneut laden.</translation>
    </message>
    <message>
      <source>{file} is encrypted, so no installer could read it.</source>
      <translation>{file} ist verschlüsselt, darum könnte niemand sie installieren.</translation>
    </message>
    <message>
      <source>{file} is in a format ({detail}) that today's installers don't take from an index. Build a wheel or a .tar.gz of it.</source>
      <translation>{file} hat ein Format ({detail}), das heute niemand mehr aus einem Index nimmt. Bitte ein Wheel oder .tar.gz daraus bauen.</translation>
    </message>
    <message>
      <source>{file} is listed in the backup, but was not put in.</source>
      <translation>{file} ist in der Sicherung verzeichnet, liegt aber nicht darin.</translation>
    </message>
    <message>
      <source>{file} is listed there, but the file itself is missing.</source>
      <translation>{file} ist dort verzeichnet, aber die Datei selbst fehlt.</translation>
    </message>
    <message>
      <source>{file} is missing, so it is no longer offered. Add it again, or restore a backup.</source>
      <translation>{file} fehlt und wird darum nicht mehr angeboten. Fügen Sie sie wieder hinzu, oder stellen Sie eine Sicherung wieder her.</translation>
    </message>
    <message>
      <source>{file} is no longer yanked</source>
      <translation>{file} ist nicht mehr zurückgezogen</translation>
    </message>
    <message>
      <source>{file} is not in the backup: {why}. Check every file.</source>
      <translation>{file} ist nicht in der Sicherung: {why}. Prüfen Sie jede Datei.</translation>
    </message>
    <message>
      <source>{file} is not what it was: its bytes changed on the disk. It is no longer offered and still in its place. Put a good copy there, or restore a backup.</source>
      <translation>{file} ist nicht mehr, was sie war: Ihre Bytes haben sich auf dem Datenträger geändert. Sie wird nicht mehr angeboten und liegt noch an ihrem Platz. Legen Sie eine gute Kopie dorthin, oder stellen Sie eine Sicherung wieder her.</translation>
    </message>
    <message>
      <source>{file} is still being written. Add it again when it is complete.</source>
      <translation>{file} wird noch geschrieben. Bitte erneut hinzufügen, wenn sie fertig ist.</translation>
    </message>
    <message>
      <source>{file} isn't a wheel or source archive. It was left where it is.</source>
      <translation>{file} ist weder Wheel noch Quellarchiv. Sie blieb, wo sie ist.</translation>
    </message>
    <message>
      <source>{file} isn't a wheel or source archive. It will stay where it is.</source>
      <translation>{file} ist weder Wheel noch Quellarchiv. Die Datei bleibt, wo sie ist.</translation>
    </message>
    <message>
      <source>{file} isn't an archive, whatever its name says. A failed download often leaves a web page in its place.</source>
      <translation>{file} ist kein Archiv, was ihr Name auch sagt. Ein misslungener Download hinterlässt oft eine Webseite.</translation>
    </message>
    <message>
      <source>{file} isn't named as a wheel or source archive must be (name-version…). Build it again, or give it back the name it was downloaded with.</source>
      <translation>{file} heißt nicht, wie Wheels und Quellarchive heißen müssen (name-version…). Bitte neu bauen oder den ursprünglichen Namen zurückgeben.</translation>
    </message>
    <message>
      <source>{file} isn't what it was sent as: its {detail}. The file decides; build it again, then upload it.</source>
      <translation>{file} ist nicht das, als was sie gesendet wurde ({detail}). Die Datei entscheidet; bitte neu bauen und dann hochladen.</translation>
    </message>
    <message>
      <source>{file} lies too deep in the folder to be looked into. Move what should be offered further up.</source>
      <translation>{file} liegt zu tief im Ordner, um hineinzusehen. Legen Sie weiter oben ab, was angeboten werden soll.</translation>
    </message>
    <message>
      <source>{file} says in its metadata that it is another project ({detail}).</source>
      <translation>{file} nennt in ihren Metadaten ein anderes Projekt ({detail}).</translation>
    </message>
    <message>
      <source>{file} says in its metadata that it is another version ({detail}); installers would refuse it.</source>
      <translation>{file} nennt in ihren Metadaten eine andere Version ({detail}); niemand würde sie installieren.</translation>
    </message>
    <message>
      <source>{file} was added, {way}</source>
      <translation>{file} wurde hinzugefügt, {way}</translation>
    </message>
    <message>
      <source>{file} was changed after it was added, so it is no longer offered. Put the original back, or remove it.</source>
      <translation>{file} wurde nach dem Hinzufügen verändert und wird nicht mehr angeboten. Bitte das Original zurücklegen oder sie entfernen.</translation>
    </message>
    <message>
      <source>{file} was changed in the folder by something else</source>
      <translation>{file} wurde im Ordner von etwas anderem verändert</translation>
    </message>
    <message>
      <source>{file} was changed outside Cheeseboard, so it was left alone.</source>
      <translation>{file} wurde außerhalb von Cheeseboard verändert und darum nicht angerührt.</translation>
    </message>
    <message>
      <source>{file} was marked as archived</source>
      <translation>{file} wurde als archiviert markiert</translation>
    </message>
    <message>
      <source>{file} was marked as deprecated</source>
      <translation>{file} wurde als veraltet markiert</translation>
    </message>
    <message>
      <source>{file} was marked as quarantined</source>
      <translation>{file} wurde unter Quarantäne gestellt</translation>
    </message>
    <message>
      <source>{file} was moved to the Trash</source>
      <translation>{file} kam in den Papierkorb</translation>
    </message>
    <message>
      <source>{file} was not added: you cancelled.</source>
      <translation>{file} wurde nicht hinzugefügt: abgebrochen.</translation>
    </message>
    <message>
      <source>{file} was not taken in</source>
      <translation>{file} wurde nicht aufgenommen</translation>
    </message>
    <message>
      <source>{file} was restored</source>
      <translation>{file} wurde wiederhergestellt</translation>
    </message>
    <message>
      <source>{file} was uploaded by {detail}</source>
      <translation>{file} wurde hochgeladen: {detail}</translation>
    </message>
    <message>
      <source>{file} was yanked</source>
      <translation>{file} wurde zurückgezogen</translation>
    </message>
    <message>
      <source>{file} was yanked: {detail}</source>
      <translation>{file} wurde zurückgezogen: {detail}</translation>
    </message>
    <message>
      <source>{file} would unpack to far more than its own size. That is how archive bombs are made.</source>
      <translation>{file} würde entpackt ein Vielfaches ihrer Größe. So werden Archivbomben gebaut.</translation>
    </message>
    <message>
      <source>{file}: {act} {detail}</source>
      <translation>{file}: {act} {detail}</translation>
    </message>
    <message>
      <source>{folder} is no longer the folder that was opened, so it was left alone.</source>
      <translation>{folder} ist nicht mehr der Ordner, der geöffnet wurde; deshalb wurde dort nichts geändert.</translation>
    </message>
    <message>
      <source>{folder} is not a folder.</source>
      <translation>{folder} ist kein Ordner.</translation>
    </message>
    <message>
      <source>{folder} is not empty, and a restored repository replaces nothing. Name another folder.</source>
      <translation>{folder} ist nicht leer, und ein wiederhergestelltes Repository ersetzt nichts. Bitte einen anderen Ordner nennen.</translation>
    </message>
    <message>
      <source>{folder} was used with a newer Cheeseboard. Update Cheeseboard to open it.</source>
      <translation>{folder} wurde mit einem neueren Cheeseboard benutzt. Aktualisieren Sie Cheeseboard, um ihn zu öffnen.</translation>
    </message>
    <message>
      <source>{host} has {version}, too; pip takes either.</source>
      <translation>{host} hat auch {version}; pip nimmt irgendeine.</translation>
    </message>
    <message>
      <source>{host} has {version}, which is newer.</source>
      <translation>{host} hat {version}, und das ist neuer.</translation>
    </message>
    <message>
      <source>{host} has {version}, which is no pre-release.</source>
      <translation>{host} hat {version}, und das ist keine Vorabversion.</translation>
    </message>
    <message>
      <source>{host} is no address of this computer. It has {known}.</source>
      <translation>{host} ist keine Adresse dieses Computers. Er hat {known}.</translation>
    </message>
    <message>
      <source>{host}, port {port}, does not answer.</source>
      <translation>{host}, Port {port}, antwortet nicht.</translation>
    </message>
    <message>
      <source>{installer} on {where}</source>
      <translation>{installer} auf {where}</translation>
    </message>
    <message>
      <source>{label} can't be told to look into the keyring; pip 23.1 and newer can. Update it, or say --secret file.</source>
      <translation>{label} kann nicht in den Schlüsselbund sehen; pip 23.1 und neuer kann es. Aktualisieren, oder --secret file angeben.</translation>
    </message>
    <message>
      <source>{list} is set, so {tool} ignores the list in its configuration.</source>
      <translation>{list} ist gesetzt, darum beachtet {tool} die Liste seiner Konfiguration nicht.</translation>
    </message>
    <message>
      <source>{name} has no pyproject.toml or setup.py any more, so it can't be built.</source>
      <translation>{name} hat keine pyproject.toml oder setup.py mehr und kann nicht gebaut werden.</translation>
    </message>
    <message>
      <source>{name} is no longer listed. Its files stay in {folder}.</source>
      <translation>{name} steht nicht mehr auf der Liste. Die Dateien bleiben in {folder}.</translation>
    </message>
    <message>
      <source>{name} was built, it says, but left no wheel or source archive.</source>
      <translation>{name} wurde angeblich gebaut, hat aber weder Wheel noch Quellarchiv hinterlassen.</translation>
    </message>
    <message>
      <source>{name} wasn't built: Python can't make a virtual environment here{why}. On Debian and Ubuntu, install python3-venv.</source>
      <translation>{name} wurde nicht gebaut: Python kann hier keine virtuelle Umgebung anlegen{why}. Unter Debian und Ubuntu hilft das Paket python3-venv.</translation>
    </message>
    <message>
      <source>{name} wasn't built: a file that its build needs is missing{why}.</source>
      <translation>{name} wurde nicht gebaut: Es fehlt eine Datei, die der Bau braucht{why}.</translation>
    </message>
    <message>
      <source>{name} wasn't built: it needs a compiler that isn't installed{why}. Install it, then build again.</source>
      <translation>{name} wurde nicht gebaut: Der nötige Compiler ist nicht installiert{why}. Installieren Sie ihn und bauen Sie erneut.</translation>
    </message>
    <message>
      <source>{name} wasn't built: its build backend can't be imported{why}. Check [build-system] in its pyproject.toml.</source>
      <translation>{name} wurde nicht gebaut: Das Build-Backend lässt sich nicht importieren{why}. Prüfen Sie [build-system] in der pyproject.toml.</translation>
    </message>
    <message>
      <source>{name} wasn't built: its build needs the module {detail}. Add its package to requires in [build-system] in pyproject.toml.</source>
      <translation>{name} wurde nicht gebaut: Der Bau braucht das Modul {detail}. Nehmen Sie dessen Paket in requires unter [build-system] in die pyproject.toml auf.</translation>
    </message>
    <message>
      <source>{name} wasn't built: its folder can't be read{why}.</source>
      <translation>{name} wurde nicht gebaut: Der Ordner ist nicht lesbar{why}.</translation>
    </message>
    <message>
      <source>{name} wasn't built: its own build failed{why}. The log says more.</source>
      <translation>{name} wurde nicht gebaut: Der Bau des Projekts selbst ist gescheitert{why}. Mehr steht im Protokoll.</translation>
    </message>
    <message>
      <source>{name} wasn't built: its pyproject.toml isn't valid{why}.</source>
      <translation>{name} wurde nicht gebaut: Die pyproject.toml ist ungültig{why}.</translation>
    </message>
    <message>
      <source>{name} wasn't built: its version comes from tags in its history, and none was found. Tag a release.</source>
      <translation>{name} wurde nicht gebaut: Die Version kommt aus Tags der Historie, und es gibt keinen. Setzen Sie einen Tag.</translation>
    </message>
    <message>
      <source>{name} wasn't built: no Python that can build was found on this computer{why}. Install Python 3.11 or newer, with its venv module.</source>
      <translation>{name} wurde nicht gebaut: Auf diesem Computer wurde kein Python gefunden, das bauen kann{why}. Installieren Sie Python 3.11 oder neuer mit dem Modul venv.</translation>
    </message>
    <message>
      <source>{name} wasn't built: the disk is full. Make room, then build again.</source>
      <translation>{name} wurde nicht gebaut: Der Datenträger ist voll. Schaffen Sie Platz und bauen Sie erneut.</translation>
    </message>
    <message>
      <source>{name} wasn't built: the header file {detail} is missing. Install the development files of the library that it belongs to.</source>
      <translation>{name} wurde nicht gebaut: Die Header-Datei {detail} fehlt. Installieren Sie die Entwicklungsdateien der zugehörigen Bibliothek.</translation>
    </message>
    <message>
      <source>{name} wasn't built: the index with what its build requires can't be reached. Check the network, then build again.</source>
      <translation>{name} wurde nicht gebaut: Der Index mit den Voraussetzungen ist nicht erreichbar. Prüfen Sie das Netz und bauen Sie erneut.</translation>
    </message>
    <message>
      <source>{name} wasn't built: the index with what its build requires has a certificate that isn't trusted.</source>
      <translation>{name} wurde nicht gebaut: Dem Zertifikat des Index mit den Voraussetzungen wird nicht vertraut.</translation>
    </message>
    <message>
      <source>{name} wasn't built: the index with what its build requires wants another user or password.</source>
      <translation>{name} wurde nicht gebaut: Der Index mit den Voraussetzungen verlangt einen anderen Benutzer oder ein anderes Passwort.</translation>
    </message>
    <message>
      <source>{name} wasn't built: the system ended the build, most likely because memory ran out.</source>
      <translation>{name} wurde nicht gebaut: Das System hat den Bau beendet, wahrscheinlich aus Speichermangel.</translation>
    </message>
    <message>
      <source>{name} wasn't built: the time that you allowed was over.</source>
      <translation>{name} wurde nicht gebaut: Die erlaubte Zeit war um.</translation>
    </message>
    <message>
      <source>{name} wasn't built: there is no place to build in{why}.</source>
      <translation>{name} wurde nicht gebaut: Es gibt keinen Platz zum Bauen{why}.</translation>
    </message>
    <message>
      <source>{name} wasn't built: what its build requires isn't in your indexes{why}. Add it there, or here.</source>
      <translation>{name} wurde nicht gebaut: Die Voraussetzungen fehlen in Ihren Indizes{why}. Fügen Sie sie dort oder hier hinzu.</translation>
    </message>
    <message>
      <source>{name} — Cheeseboard</source>
      <translation>{name} — Cheeseboard</translation>
    </message>
    <message>
      <source>{n} B</source>
      <translation>{n} B</translation>
    </message>
    <message>
      <source>{n} colleagues</source>
      <translation>{n} Kollegen</translation>
    </message>
    <message>
      <source>{n} downloads</source>
      <translation>{n} Downloads</translation>
    </message>
    <message>
      <source>{n} files</source>
      <translation>{n} Dateien</translation>
    </message>
    <message>
      <source>{n} files not taken in</source>
      <translation>{n} Dateien nicht aufgenommen</translation>
    </message>
    <message>
      <source>{n} min ago</source>
      <translation>vor {n} Min.</translation>
    </message>
    <message>
      <source>{n} more files are broken.</source>
      <translation>{n} weitere Dateien sind defekt.</translation>
    </message>
    <message>
      <source>{n} more in the list of files</source>
      <translation>{n} weitere in der Liste der Dateien</translation>
    </message>
    <message>
      <source>{n} packages</source>
      <translation>{n} Pakete</translation>
    </message>
    <message>
      <source>{n} things need your attention.</source>
      <translation>Um {n} Dinge sollten Sie sich kümmern.</translation>
    </message>
    <message>
      <source>{n} were already here.</source>
      <translation>{n} waren schon da.</translation>
    </message>
    <message>
      <source>{n} were skipped.</source>
      <translation>{n} wurden übersprungen.</translation>
    </message>
    <message>
      <source>{path} and its key do not belong together. {remedy}</source>
      <translation>{path} und sein Schlüssel gehören nicht zusammen. {remedy}</translation>
    </message>
    <message>
      <source>{path} can't be changed for twine, so it was left alone: {why}.</source>
      <translation>{path} lässt sich für twine nicht ändern und wurde nicht angerührt: {why}.</translation>
    </message>
    <message>
      <source>{path} can't be changed for uv, so it was left alone: {why}.</source>
      <translation>{path} lässt sich für uv nicht ändern und wurde nicht angerührt: {why}.</translation>
    </message>
    <message>
      <source>{path} can't be read ({cause}), so it was left alone.</source>
      <translation>{path} ist nicht lesbar ({cause}) und wurde nicht angerührt.</translation>
    </message>
    <message>
      <source>{path} can't be read as JSON: {cause}.</source>
      <translation>{path} ist nicht als JSON lesbar: {cause}.</translation>
    </message>
    <message>
      <source>{path} can't be written ({cause}), so nothing was changed.</source>
      <translation>{path} kann nicht geschrieben werden ({cause}); es wurde nichts geändert.</translation>
    </message>
    <message>
      <source>{path} can't be written: {cause}.</source>
      <translation>{path} kann nicht geschrieben werden: {cause}.</translation>
    </message>
    <message>
      <source>{path} can't take the token for this repository, so it was left alone: {why}.</source>
      <translation>{path} kann das Token für dieses Repository nicht aufnehmen und wurde nicht angerührt: {why}.</translation>
    </message>
    <message>
      <source>{path} could not be put back as it was: {cause}. The old contents are kept in Cheeseboard's records.</source>
      <translation>{path} ließ sich nicht in den alten Zustand bringen: {cause}. Der alte Inhalt liegt in Cheeseboards Aufzeichnungen.</translation>
    </message>
    <message>
      <source>{path} has "cert = {named}": make that path absolute, then try again.</source>
      <translation>{path} hat „cert = {named}“: den Pfad absolut machen, dann noch einmal versuchen.</translation>
    </message>
    <message>
      <source>{path} has no index {unknown}; it has {there}.</source>
      <translation>{path} hat keinen Index {unknown}; es hat {there}.</translation>
    </message>
    <message>
      <source>{path} is damaged, cut short, or no backup: {cause}.</source>
      <translation>{path} ist beschädigt, abgeschnitten oder keine Sicherung: {cause}.</translation>
    </message>
    <message>
      <source>{path} is damaged: it holds no certificate. {remedy}</source>
      <translation>{path} ist beschädigt: Es enthält kein Zertifikat. {remedy}</translation>
    </message>
    <message>
      <source>{path} is damaged: it holds no usable key. {remedy}</source>
      <translation>{path} ist beschädigt: Es enthält keinen benutzbaren Schlüssel. {remedy}</translation>
    </message>
    <message>
      <source>{path} is no bandersnatch mirror: it has neither web/simple nor simple.</source>
      <translation>{path} ist kein bandersnatch-Spiegel: Weder web/simple noch simple ist da.</translation>
    </message>
    <message>
      <source>{path} is not a certificate authority that Cheeseboard made. {remedy}</source>
      <translation>{path} ist keine Zertifizierungsstelle, die Cheeseboard gemacht hat. {remedy}</translation>
    </message>
    <message>
      <source>{path} is not a folder.</source>
      <translation>{path} ist kein Ordner.</translation>
    </message>
    <message>
      <source>{path} is not a key that Cheeseboard made. {remedy}</source>
      <translation>{path} ist kein Schlüssel, den Cheeseboard gemacht hat. {remedy}</translation>
    </message>
    <message>
      <source>{path} is not a server's list of files.</source>
      <translation>{path} ist keine Dateiliste eines Servers.</translation>
    </message>
    <message>
      <source>{path} is not valid for pip, so it was left alone: {why}.</source>
      <translation>{path} ist für pip nicht gültig und wurde nicht angerührt: {why}.</translation>
    </message>
    <message>
      <source>{path} is the managed folder itself, or has it inside.</source>
      <translation>{path} ist der verwaltete Ordner selbst oder enthält ihn.</translation>
    </message>
    <message>
      <source>{path} is too large to be a server's list of files.</source>
      <translation>{path} ist zu groß für die Dateiliste eines Servers.</translation>
    </message>
    <message>
      <source>{path} was changed outside Cheeseboard and pip can't read it now, so it was left alone: {why}.</source>
      <translation>{path} wurde außerhalb von Cheeseboard geändert, und pip kann es jetzt nicht lesen; es wurde nicht angerührt: {why}.</translation>
    </message>
    <message>
      <source>{path} was changed since it was looked at, so it was left alone. Try again.</source>
      <translation>{path} wurde geändert, seit es angesehen wurde, und wurde nicht angerührt. Bitte noch einmal versuchen.</translation>
    </message>
    <message>
      <source>{path} was written by a newer Cheeseboard. Update Cheeseboard to use it.</source>
      <translation>{path} hat ein neueres Cheeseboard geschrieben. Cheeseboard aktualisieren, um es zu benutzen.</translation>
    </message>
    <message>
      <source>{place} was written, but does not hold what it should.</source>
      <translation>{place} wurde geschrieben, enthält aber nicht, was es sollte.</translation>
    </message>
    <message>
      <source>{project} is no valid project name.</source>
      <translation>{project} ist kein gültiger Projektname.</translation>
    </message>
    <message>
      <source>{project}: pip takes {theirs} from {host}, since none of yours is offered.</source>
      <translation>{project}: pip nimmt {theirs} von {host}: Hier wird davon nichts angeboten.</translation>
    </message>
    <message>
      <source>{project}: pip takes {theirs} from {host}, which is higher than yours, {ours}.</source>
      <translation>{project}: pip nimmt {theirs} von {host}; das ist höher als {ours} hier.</translation>
    </message>
    <message>
      <source>{project}: {host} has {theirs}, too; pip takes either.</source>
      <translation>{project}: {host} hat {theirs} auch; pip nimmt eine von beiden.</translation>
    </message>
    <message>
      <source>{project}: {host} has {theirs}; yours, {ours}, is higher and wins.</source>
      <translation>{project}: {host} hat {theirs}; {ours} hier ist höher und gewinnt.</translation>
    </message>
    <message>
      <source>{python} can’t build: it is missing here, or older than Python 3.11. Nothing was changed.</source>
      <translation>{python} kann nicht bauen: Es fehlt hier oder ist älter als Python 3.11. Nichts wurde geändert.</translation>
    </message>
    <message>
      <source>{python} free-threaded</source>
      <translation>{python} free-threaded</translation>
    </message>
    <message>
      <source>{python} or newer</source>
      <translation>{python} oder neuer</translation>
    </message>
    <message>
      <source>{python}, {system}</source>
      <translation>{python}, {system}</translation>
    </message>
    <message>
      <source>{source} holds more than it says. Nothing was restored.</source>
      <translation>{source} enthält mehr, als es angibt. Es wurde nichts wiederhergestellt.</translation>
    </message>
    <message>
      <source>{source} holds {shown}, which no backup of Cheeseboard's does. Nothing was restored.</source>
      <translation>{source} enthält {shown}, was in keiner Sicherung von Cheeseboard steht. Es wurde nichts wiederhergestellt.</translation>
    </message>
    <message>
      <source>{source} holds {size} bytes, but only {free} are free there.</source>
      <translation>{source} enthält {size} Bytes, dort sind aber nur {free} frei.</translation>
    </message>
    <message>
      <source>{source} is cut short.</source>
      <translation>{source} ist abgeschnitten.</translation>
    </message>
    <message>
      <source>{source} is cut short: the end of the backup is missing.</source>
      <translation>{source} ist abgeschnitten: Das Ende der Sicherung fehlt.</translation>
    </message>
    <message>
      <source>{source} is damaged, or no backup.</source>
      <translation>{source} ist beschädigt oder keine Sicherung.</translation>
    </message>
    <message>
      <source>{source} is no backup of Cheeseboard's.</source>
      <translation>{source} ist keine Sicherung von Cheeseboard.</translation>
    </message>
    <message>
      <source>{source} was written by a newer Cheeseboard. Update Cheeseboard first.</source>
      <translation>{source} hat ein neueres Cheeseboard geschrieben. Zuerst Cheeseboard aktualisieren.</translation>
    </message>
    <message>
      <source>{tool} can't be told to look here "{mode}": it knows {known}.</source>
      <translation>{tool} kann nicht mit „{mode}“ hier suchen: Es kennt {known}.</translation>
    </message>
    <message>
      <source>{tool} can't be told to look into the keyring; it has a store of its own, which only you can read (--secret file).</source>
      <translation>{tool} kann nicht in den Schlüsselbund sehen; es hat einen eigenen Speicher, den nur Sie lesen können (--secret file).</translation>
    </message>
    <message>
      <source>{tool} could not get packages from this repository.</source>
      <translation>{tool} konnte aus diesem Repository keine Pakete holen.</translation>
    </message>
    <message>
      <source>{tool} did not accept the changed {path}, so it is as it was before. {refusal}</source>
      <translation>{tool} hat das geänderte {path} nicht angenommen; es ist wieder wie zuvor. {refusal}</translation>
    </message>
    <message>
      <source>{tool} does not look here: another list of indexes hides this one, or it is not configured.</source>
      <translation>{tool} sucht nicht hier: Eine andere Liste von Indexen verdeckt diese, oder es ist nicht eingerichtet.</translation>
    </message>
    <message>
      <source>{tool} does not trust this repository's certificate.</source>
      <translation>{tool} vertraut dem Zertifikat dieses Repositorys nicht.</translation>
    </message>
    <message>
      <source>{tool} found no Python here that runs, so nothing could be tried.</source>
      <translation>{tool} hat hier kein lauffähiges Python gefunden, darum konnte nichts versucht werden.</translation>
    </message>
    <message>
      <source>{tool} goes through a proxy ({proxy}) that does not reach {host}.</source>
      <translation>{tool} geht über einen Proxy ({proxy}), der {host} nicht erreicht.</translation>
    </message>
    <message>
      <source>{tool} here: can upload</source>
      <translation>{tool} hier: darf hochladen</translation>
    </message>
    <message>
      <source>{tool} here: changed elsewhere</source>
      <translation>{tool} hier: anderswo geändert</translation>
    </message>
    <message>
      <source>{tool} here: extra index</source>
      <translation>{tool} hier: Zusatzindex</translation>
    </message>
    <message>
      <source>{tool} here: first index</source>
      <translation>{tool} hier: erster Index</translation>
    </message>
    <message>
      <source>{tool} here: not using this repository</source>
      <translation>{tool} hier: nutzt dieses Repository nicht</translation>
    </message>
    <message>
      <source>{tool} here: only index</source>
      <translation>{tool} hier: einziger Index</translation>
    </message>
    <message>
      <source>{tool} is told to ask no index at all.</source>
      <translation>{tool} soll keinen Index fragen.</translation>
    </message>
    <message>
      <source>{tool} is told to read certificates from a file that does not exist.</source>
      <translation>{tool} soll Zertifikate aus einer Datei lesen, die es nicht gibt.</translation>
    </message>
    <message>
      <source>{tool} is told to read certificates from {filename}, but {cause}. Correct or remove that setting, then try again.</source>
      <translation>{tool} soll Zertifikate aus {filename} lesen, aber: {cause}. Diese Einstellung berichtigen oder entfernen, dann noch einmal versuchen.</translation>
    </message>
    <message>
      <source>{tool} needs no token here: anybody may read this repository. Make reading need one first: cheeseboard token reading token</source>
      <translation>{tool} braucht hier kein Token: Dieses Repository darf jeder lesen. Zuerst Lesen nur mit Token erlauben: cheeseboard token reading token</translation>
    </message>
    <message>
      <source>{tool} no longer looks here. Its configuration is what it was before, byte for byte.</source>
      <translation>{tool} sucht nicht mehr hier. Die Konfiguration ist Byte für Byte wie zuvor.</translation>
    </message>
    <message>
      <source>{tool} no longer looks here. Only our own lines were taken out; the changes made since were kept.</source>
      <translation>{tool} sucht nicht mehr hier. Nur unsere Zeilen wurden entfernt; spätere Änderungen blieben.</translation>
    </message>
    <message>
      <source>{tool} on this computer now also looks here.</source>
      <translation>{tool} auf diesem Computer sucht jetzt auch hier.</translation>
    </message>
    <message>
      <source>{tool} on this computer now looks here first.</source>
      <translation>{tool} auf diesem Computer sucht jetzt zuerst hier.</translation>
    </message>
    <message>
      <source>{tool} on this computer now looks only here.</source>
      <translation>{tool} auf diesem Computer sucht jetzt nur hier.</translation>
    </message>
    <message>
      <source>{tool} reached this repository over verified HTTPS, but found no file that fits this Python.</source>
      <translation>{tool} hat dieses Repository über geprüftes HTTPS erreicht, aber keine Datei gefunden, die zu diesem Python passt.</translation>
    </message>
    <message>
      <source>{tool} reached this repository over verified HTTPS.</source>
      <translation>{tool} hat dieses Repository über geprüftes HTTPS erreicht.</translation>
    </message>
    <message>
      <source>{tool} refuses its own configuration, so none of its commands works.</source>
      <translation>{tool} weist seine eigene Konfiguration zurück, darum läuft keiner seiner Befehle.</translation>
    </message>
    <message>
      <source>{tool} trusts what this computer trusts, and that is not our certificate yet.</source>
      <translation>{tool} vertraut, wem dieser Computer vertraut, und das ist unser Zertifikat noch nicht.</translation>
    </message>
    <message>
      <source>{tool} was not found here, so this is the place its manual names.</source>
      <translation>{tool} wurde hier nicht gefunden, darum ist es der Ort, den sein Handbuch nennt.</translation>
    </message>
    <message>
      <source>{variable} is set, so {tool} reads {config} instead of your own file.</source>
      <translation>{variable} ist gesetzt, darum liest {tool} {config} statt der eigenen Datei.</translation>
    </message>
    <message>
      <source>{what} ({interface})</source>
      <translation>{what} ({interface})</translation>
    </message>
    <message>
      <source>{what} can be installed again.</source>
      <translation>{what} lässt sich wieder installieren.</translation>
    </message>
    <message>
      <source>{what} is now marked as {status}.</source>
      <translation>{what} ist jetzt als {status} markiert.</translation>
    </message>
    <message>
      <source>{what} of the folder couldn’t be read and are not part of what was built. The log names them.</source>
      <translation>{what} des Ordners waren nicht lesbar und sind nicht Teil des Ergebnisses. Das Protokoll nennt sie.</translation>
    </message>
    <message>
      <source>{what} weren’t built.</source>
      <translation>{what} wurden nicht gebaut.</translation>
    </message>
    <message>
      <source>{who} downloaded {file}.</source>
      <translation>{who} hat {file} heruntergeladen.</translation>
    </message>
    <message>
      <source>{wrong} {read}.</source>
      <translation>{wrong} {read}.</translation>
    </message>
  </context>
</TS>
