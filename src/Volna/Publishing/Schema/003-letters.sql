-- Letters of waves that went out before the mailing service's reports were taken may be reported on as well.
insert or ignore into letter_wave (wave) select wave from publication;
