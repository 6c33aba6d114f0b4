// SPDX-License-Identifier: Apache-2.0
#include "scripts.hpp"

// The commands ui_sync, ui_stop, ui_answer and ui_decline are C++. Texts from outside come as
// arguments of procedures, never as parts of a script.

namespace offlineimap::ui_tk {

const char* const common_script = R"tcl(
rename send {}
font create plain -family $fontfamily -size $fontsize
wm title . "OfflineIMAP"
wm protocol . WM_DELETE_WINDOW {wm title . "OfflineIMAP is ending"; ui_stop}
foreach {name value} {black #000000 red #ff0000 gray #a0a0a0 purple #c040ff cyan #00d0d0
                      green #00c000 blue #4060ff orange #ff9000 yellow #ffe000 pink #ff60a0} {
    set colour($name) $value
}
proc make_log {} {
    global colour loglines
    frame .log
    text .log.text -font plain -height $loglines -width 80 -background black -foreground #d0d0d0 \
        -state disabled -wrap char -yscrollcommand {.log.bar set} -takefocus 0
    scrollbar .log.bar -command {.log.text yview}
    pack .log.bar -side right -fill y
    pack .log.text -side left -fill both -expand 1
    foreach name [array names colour] {
        .log.text tag configure $name -foreground $colour($name)
    }
    .log.text tag configure black -foreground #707070
}
proc log_line {text name} {
    global bufferlines
    .log.text configure -state normal
    .log.text insert end "$text\n" $name
    set lines [expr {int([.log.text index end]) - 2}]
    if {$lines > $bufferlines} {.log.text delete 1.0 [expr {$lines - $bufferlines + 1}].0}
    .log.text configure -state disabled
    .log.text see end
}
proc ask {text hidden yes_no} {
    toplevel .question
    wm title .question "OfflineIMAP asks"
    wm protocol .question WM_DELETE_WINDOW ui_decline
    label .question.text -font plain -text $text -wraplength 400 -justify left
    pack .question.text -padx 8 -pady 8
    frame .question.buttons
    if {$yes_no} {
        button .question.yes -font plain -text Yes -command {ui_answer y}
        button .question.no -font plain -text No -command {ui_answer n}
        pack .question.yes .question.no -in .question.buttons -side left -padx 4
    } else {
        entry .question.entry -font plain -width 40
        if {$hidden} {.question.entry configure -show *}
        pack .question.entry -padx 8
        bind .question.entry <Return> {ui_answer [.question.entry get]}
        button .question.ok -font plain -text OK -command {ui_answer [.question.entry get]}
        button .question.cancel -font plain -text Cancel -command ui_decline
        pack .question.ok .question.cancel -in .question.buttons -side left -padx 4
        focus .question.entry
    }
    pack .question.buttons -pady 8
    raise .question
}
proc end_question {} {destroy .question}
)tcl";

const char* const lights_script = R"tcl(
set size [expr {$fontsize * 2}]
canvas .lights -height [expr {$size + 6}] -width 320 -background black -highlightthickness 0
pack .lights -fill x
make_log
frame .buttons
button .buttons.sync -font plain -text "Sync immediately" -command {ui_sync {}} -padx 4 -pady 1
button .buttons.log -font plain -text "Hide log" -command toggle_log -padx 4 -pady 1
button .buttons.quit -font plain -text "Exit" -command ui_stop -padx 4 -pady 1
label .buttons.countdown -font plain -foreground #c00000
pack .buttons.sync .buttons.log .buttons.quit -side left
pack .buttons.countdown -side right
pack .log -fill both -expand 1
pack .buttons -fill x
wm resizable . 1 1
proc toggle_log {} {
    if {[winfo ismapped .log]} {
        pack forget .log
        .buttons.log configure -text "Show log"
    } else {
        pack .log -fill both -expand 1 -before .buttons
        .buttons.log configure -text "Hide log"
    }
}
proc light {number name status} {
    global colour size
    if {[.lights find withtag light$number] eq ""} {
        set left [expr {4 + $number * ($size + 4)}]
        .lights create oval $left 3 [expr {$left + $size}] [expr {3 + $size}] \
            -outline #505050 -tags light$number
        set wanted [expr {$left + $size + 4}]
        if {$wanted > [.lights cget -width]} {.lights configure -width $wanted}
    }
    .lights itemconfigure light$number -fill $colour($name)
}
proc countdown {text} {.buttons.countdown configure -text $text}
)tcl";

const char* const verbose_script = R"tcl(
frame .sections
pack .sections -fill both -expand 1
make_log
frame .buttons
button .buttons.sync -font plain -text "Sync immediately" -command {ui_sync {}} -padx 4 -pady 1
button .buttons.quit -font plain -text "Exit" -command ui_stop -padx 4 -pady 1
label .buttons.countdown -font plain -foreground #c00000
pack .buttons.sync .buttons.quit -side left
pack .buttons.countdown -side right
pack .log -fill both -expand 1
pack .buttons -fill x
proc light {number name status} {
    global colour
    set section .sections.worker$number
    if {$name eq "black"} {destroy $section; return}
    if {![winfo exists $section]} {
        frame $section -relief groove -borderwidth 2
        set title [expr {$number == 0 ? "Main program" : "Worker $number"}]
        label $section.light -width 2 -background $colour($name)
        label $section.title -font plain -text $title -width 14 -anchor w
        label $section.status -font plain -anchor w -justify left -width 70
        pack $section.light $section.title -side left
        pack $section.status -side left -fill x -expand 1
        pack $section -fill x
    }
    $section.light configure -background $colour($name)
    $section.status configure -text $status
}
proc countdown {text} {.buttons.countdown configure -text $text}
)tcl";

}  // namespace offlineimap::ui_tk
