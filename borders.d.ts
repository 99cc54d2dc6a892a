export declare const borders: readonly [room: string, mayImport: readonly string[]][];
